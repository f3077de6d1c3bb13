--- What a script is made of before and after it ran: plain text, and plain values.

local quote = require "quote"
local visible = require "visible"

local plain = {}

local DEEP, MANY, LONG = 8, 10000, 1 << 20 -- tables in tables; values, and bytes of text, in a whole script

local KINDS = { string = "a text", number = "a number", boolean = "true or false", table = "a table",
  ["function"] = "a function", ["nil"] = "nothing" }

--- What a value is, for messages.
function plain.kind(value) return KINDS[type(value)] end

--- The first character above ASCII of a text in UTF-8 that cannot be seen (visible.h), and its place; nil when all
--- can.
plain.hidden = visible.hidden

local function line_at(text, place)
  local _, newlines = text:sub(1, place - 1):gsub("\n", "")
  return newlines + 1
end

--- The text of a script: not empty, UTF-8, nothing in it that cannot be seen. `fail(line, message, ...)` raises.
function plain.script(text, fail)
  if #text > LONG then fail(0, "is longer than %d KiB; a ceremony is shorter", LONG >> 10) end
  if text:sub(1, 4) == "\27Lua" then fail(0, "is compiled Lua; a script is text that people can read aloud") end
  if text:sub(1, 3) == "\xEF\xBB\xBF" then
    fail(1, "begins with a byte order mark; save it as UTF-8 without one")
  end
  local fine, place = utf8.len(text)
  if not fine then fail(line_at(text, place), "is not UTF-8 text") end
  place = text:find "[^\n\r\t\32-\126\128-\255]"
  if place then
    fail(line_at(text, place), "holds a control character (0x%02x); remove it", text:byte(place))
  end
  local hidden, at = plain.hidden(text)
  if hidden then fail(line_at(text, at), "holds a character that cannot be seen (U+%04X); remove it", hidden) end
  if not text:find "%S" then
    fail(0, 'is empty; a script begins with: ceremony "Title" { version = "1.0" }')
  end
end

--- Names only, or a list without holes only: its keys in order, and whether it is a list; or nil and the fault.
local function keys_of(value)
  local names, count = {}, 0
  for key in pairs(value) do
    count = count + 1
    if type(key) == "string" then
      names[#names + 1] = key
    elseif math.type(key) ~= "integer" then
      return nil, ("has %s as a name; names are texts"):format(plain.kind(key))
    end
  end
  table.sort(names)
  if #names == count then return names, false end
  if #names > 0 then return nil, "mixes names and a list" end
  for index = 1, count do
    if value[index] == nil then return nil, "is a list with a hole (nil) in it" end
    names[index] = index
  end
  return names, true
end

--- A judge of values: `measure(line, word, options, text)` fails unless all of it are texts that can be seen, whole
--- numbers, true and false, and tables of these, in bounds that hold for a whole script.
function plain.measure(fail)
  local values, bytes, within = 0, 0, {}
  local judge

  local function judge_table(line, what, value, depth)
    if getmetatable(value) ~= nil then fail(line, "%s is a word; a word stands in a step", what) end
    if within[value] then fail(line, "%s is a table that holds itself", what) end
    if depth > DEEP then fail(line, "%s holds tables more than %d deep", what, DEEP) end
    local keys, list = keys_of(value)
    if not keys then fail(line, "%s %s", what, list) end
    within[value] = true
    for _, key in ipairs(keys) do
      if not list then judge(line, what .. ": a name", key, depth) end
      judge(line, list and what or ("%s: %s"):format(what, quote(key)), value[key], depth + 1)
    end
    within[value] = nil
  end

  local function judge_text(line, what, value)
    bytes = bytes + #value
    if bytes > LONG then fail(line, "the script says more than %d KiB of text", LONG >> 10) end
    if not utf8.len(value) then fail(line, "%s is not UTF-8 text: %s", what, quote(value)) end
    local hidden = plain.hidden(value)
    if hidden then fail(line, "%s holds a character that cannot be seen (U+%04X)", what, hidden) end
  end

  function judge(line, what, value, depth)
    values = values + 1
    if values > MANY then fail(line, "the script says more than %d things; a ceremony is shorter", MANY) end
    if type(value) == "string" then
      judge_text(line, what, value)
    elseif type(value) == "table" then
      judge_table(line, what, value, depth)
    elseif type(value) ~= "boolean" and math.type(value) ~= "integer" then
      fail(line, "%s is %s; a script says texts, whole numbers, true, false and tables of these", what,
        type(value) == "number" and "a number with a fraction" or plain.kind(value))
    end
  end

  return function(line, word, options, text)
    if text then judge(line, word, text, 0) end
    local keys, list = keys_of(options)
    if list then fail(line, "%s takes names with values, as in { name = value }", word) end
    for _, name in ipairs(keys) do
      judge(line, word .. ": a name", name, 0)
      judge(line, ("%s: %s"):format(word, quote(name)), options[name], 1)
    end
  end
end

return plain

--- Where things stand in the text of a script: what Lua itself does not tell. It reads words, quoted texts and marks,
--- and knows no grammar.

local source = {}

local ABOVE_ASCII = "[\192-\255][\128-\191]*"

--- The end of a quoted text that begins at `from`, whatever it holds.
local function end_of_text(text, from)
  local quote, at = text:sub(from, from), from + 1
  while at <= #text do
    local char = text:sub(at, at)
    if char == quote then return at end
    at = at + (char == "\\" and 2 or 1)
  end
  return #text
end

--- The end of a long text, or of a long comment behind its dashes: [[...]], [==[...]==]; nil where none begins.
local function end_of_long(text, from)
  local level = text:match("^%[(=*)%[", from)
  if not level then return nil end
  local _, last = text:find("]" .. level .. "]", from, true)
  return last or #text
end

--- The piece that begins at `at`: its kind ("name", "text", "mark"; nil for what says nothing) and its last byte.
local function piece(text, at)
  local last = text:match("^%s+()", at)
  if last then return nil, last - 1 end
  if text:find("^%-%-", at) then
    return nil, end_of_long(text, at + 2) or (text:find("\n", at, true) or #text + 1) - 1
  end
  last = end_of_long(text, at)
  if last then return "text", last end
  if text:find("^[\"']", at) then return "text", end_of_text(text, at) end
  last = text:match("^[%w_]+()", at)
  if last then return "name", last - 1 end
  return "mark", at
end

--- All pieces that say something, in order: {{kind, text, line}}.
function source.pieces(text)
  local list, at, line = {}, 1, 1
  while at <= #text do
    local kind, last = piece(text, at)
    local said = text:sub(at, last)
    if kind then list[#list + 1] = { kind = kind, text = said, line = line } end
    local _, newlines = said:gsub("\n", "")
    at, line = last + 1, line + newlines
  end
  return list
end

--- The line of the innermost "{" that nothing closes; nil when all are closed.
function source.unclosed(text)
  local open = {}
  for _, one in ipairs(source.pieces(text)) do
    if one.kind == "mark" and one.text == "{" then open[#open + 1] = one.line end
    if one.kind == "mark" and one.text == "}" then open[#open] = nil end
  end
  return open[#open]
end

--- Where the { ... } of a word begins among the pieces; nil when it has none of its own there.
local function block_of(pieces, verb, line)
  for index, one in ipairs(pieces) do
    if one.line == line and one.kind == "name" and one.text == verb then
      local at = index + 1
      while pieces[at] and (pieces[at].kind == "text" or pieces[at].text:find "^[()]$") do at = at + 1 end
      return pieces[at] and pieces[at].kind == "mark" and pieces[at].text == "{" and at or nil
    end
  end
  return nil
end

--- The line on which the option of a word stands that begins on `line`; nil when it is not to be seen there.
function source.option_line(pieces, verb, line, option)
  local at, depth = block_of(pieces, verb, line), 0
  while at and pieces[at] do
    local one, behind = pieces[at], pieces[at + 1]
    if one.kind == "mark" and one.text == "{" then depth = depth + 1 end
    if one.kind == "mark" and one.text == "}" then depth = depth - 1 end
    if depth == 0 then return nil end
    local names = depth == 1 and one.kind == "name" and one.text == option
    if names and behind and behind.text == "=" then return one.line end
    at = at + 1
  end
  return nil
end

local QUOTES = {}
for _, code in ipairs { 0xAB, 0xBB, 0x2018, 0x2019, 0x201A, 0x201C, 0x201D, 0x201E, 0x2032, 0x2033, 0x2039, 0x203A } do
  QUOTES[code] = true
end

--- Why a line that Lua does not read may not be read: a character above ASCII in it; nil when it has none.
function source.strange(text, line)
  local number = 0
  for one in (text .. "\n"):gmatch "(.-)\n" do
    number = number + 1
    local char = number == line and one:match(ABOVE_ASCII)
    if char then
      local code = utf8.codepoint(char)
      if QUOTES[code] then return ("%s is a typographic quote; write straight ones: \"...\""):format(char) end
      return ("%s (U+%04X) stands outside of quotes"):format(char, code)
    end
  end
  return nil
end

return source

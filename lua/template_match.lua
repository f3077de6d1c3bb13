-- Pike's machine: all threads of a regexp program walk the text side by side, in order of preference, so that no
-- pattern takes more than (text x program) steps. And sprig's regex functions on it.
local problem = require "template_problem"
local regex = require "template_regex"
local unicode = require "template_unicode"
local values = require "template_values"

local sub, concat = string.sub, table.concat

local function word(code)
  return code and code < 128 and string.find(utf8.char(code), "[%w_]") ~= nil or false
end

local ASSERT = {
  ["text begin"] = function(i) return i == 1 end,
  ["text end"] = function(i, codes) return i == #codes + 1 end,
  ["line begin"] = function(i, codes) return i == 1 or codes[i - 1] == 10 end,
  ["line end"] = function(i, codes) return i == #codes + 1 or codes[i] == 10 end,
  word = function(i, codes) return word(codes[i - 1]) ~= word(codes[i]) end,
  ["not word"] = function(i, codes) return word(codes[i - 1]) == word(codes[i]) end,
}

local function accepts(instruction, code)
  if instruction.op == "any" then return instruction.newline or code ~= 10 end
  for _, range in ipairs(instruction.set) do
    if code >= range[1] and code <= range[2] then return true end
  end
  return false
end

local function with_save(saved, n, i)
  local copy = table.move(saved, 1, saved.n, 1, { n = saved.n })
  copy[n] = i
  return copy
end

-- Put a thread on the list, following what takes no text; `stack` keeps the order of preference.
local function add_thread(machine, list, pc, i, saved)
  local stack = { { pc, saved } }
  while #stack > 0 do
    local top = table.remove(stack)
    local at, marks = top[1], top[2]
    local instruction = machine.program[at]
    if not list.seen[at] then
      list.seen[at] = true
      machine.run:spend(1)
      if instruction.op == "jump" then
        stack[#stack + 1] = { instruction.x, marks }
      elseif instruction.op == "split" then
        stack[#stack + 1] = { instruction.y, marks }
        stack[#stack + 1] = { instruction.x, marks }
      elseif instruction.op == "save" then
        stack[#stack + 1] = { at + 1, with_save(marks, instruction.n, i) }
      elseif instruction.op == "assert" then
        if ASSERT[instruction.what](i, machine.codes) then stack[#stack + 1] = { at + 1, marks } end
      else
        list[#list + 1] = { at, marks }
      end
    end
  end
end

-- One rune: the threads that live on, and the marks of the best match that ended here.
local function step(machine, threads, i)
  local following, matched = { seen = {} }, nil
  local code = machine.codes[i]
  for _, thread in ipairs(threads) do
    machine.run:spend(1)
    local instruction = machine.program[thread[1]]
    if instruction.op == "match" then
      matched = thread[2]
      break
    end
    if code and accepts(instruction, code) then add_thread(machine, following, thread[1] + 1, i + 1, thread[2]) end
  end
  return following, matched
end

-- The leftmost match from rune `from` on: the marks (rune positions), or nil.
local function search(machine, from)
  local threads, best = { seen = {} }, nil
  for i = from, #machine.codes + 1 do
    if not best then add_thread(machine, threads, 1, i, { n = 2 * machine.program.captures + 2 }) end
    if #threads == 0 and best then break end
    local matched
    threads, matched = step(machine, threads, i)
    best = matched or best
  end
  return best
end

local function new_machine(run, pattern, text)
  local codes, starts = unicode.codes(text)
  starts[#starts + 1] = #text + 1
  run:spend(#codes // 4)
  return { run = run, program = regex.compile(pattern), codes = codes, starts = starts, text = text }
end

-- The text between two rune positions.
local function between(machine, from, to)
  return sub(machine.text, machine.starts[from], machine.starts[to] - 1)
end

-- All matches that do not overlap, `limit` of them (below 0: all); an empty one right after a match does not count.
local function all_matches(machine, limit)
  local found, from, previous = {}, 1, 0
  while from <= #machine.codes + 1 and (limit < 0 or #found < limit) do
    local marks = search(machine, from)
    if not marks then break end
    local empty = marks[2] == marks[1]
    if not (empty and marks[1] == previous) then found[#found + 1] = marks end
    previous = marks[2]
    from = empty and marks[2] + 1 or marks[2]
  end
  return found
end

-- $1, ${1}, $name and ${name} of a replacement; $$ is a dollar sign; what names no group is empty.
local function expand(machine, template, marks)
  local out, at = {}, 1
  while true do
    local dollar = string.find(template, "$", at, true)
    out[#out + 1] = sub(template, at, (dollar or #template + 1) - 1)
    if not dollar then return concat(out) end
    local name, stop = string.match(template, "^{([%w_]+)}()", dollar + 1)
    if not name then name, stop = string.match(template, "^([%w_]+)()", dollar + 1) end
    if sub(template, dollar + 1, dollar + 1) == "$" then
      out[#out + 1], at = "$", dollar + 2
    elseif not name then
      out[#out + 1], at = "$", dollar + 1
    else
      local n = math.tointeger(tonumber(name))
      for i, group in pairs(machine.program.names) do if group == name then n = i end end
      if n and marks[2 * n + 1] and marks[2 * n + 2] then
        out[#out + 1] = between(machine, marks[2 * n + 1], marks[2 * n + 2])
      end
      at = stop
    end
  end
end

local function replace(run, pattern, text, replacement, literally)
  local machine = new_machine(run, pattern, text)
  local out, at, size = {}, 1, 0
  for _, marks in ipairs(all_matches(machine, -1)) do
    out[#out + 1] = between(machine, at, marks[1])
    out[#out + 1] = literally and replacement or expand(machine, replacement, marks)
    size = size + #out[#out] + #out[#out - 1]
    run:fits(size)
    at = marks[2]
  end
  out[#out + 1] = between(machine, at, #machine.codes + 1)
  return concat(out)
end

local function find_all(run, pattern, text, limit)
  local machine = new_machine(run, pattern, text)
  local found = {}
  for i, marks in ipairs(all_matches(machine, limit)) do found[i] = between(machine, marks[1], marks[2]) end
  if #found == 0 then return values.nil_list "[]string" end
  return values.strings(found)
end

local function find_first(run, pattern, text)
  local machine = new_machine(run, pattern, text)
  local marks = search(machine, 1)
  return marks and between(machine, marks[1], marks[2]) or ""
end

local function must_match(run, pattern, text)
  return search(new_machine(run, pattern, text), 1) ~= nil
end

-- sprig's regexMatch takes a bad pattern as one that does not match.
local function matches(run, pattern, text)
  local done, reason = pcall(regex.compile, pattern)
  if done then return must_match(run, pattern, text) end
  if not problem.is(reason) or string.find(reason.message, "not spoken", 1, true) then error(reason, 0) end
  run:find("bad_pattern", run.at, "regexMatch: " .. reason.message .. "; step takes it as no match")
  return false
end

local function split(run, pattern, text, limit)
  if limit == 0 then return values.nil_list "[]string" end
  local machine = new_machine(run, pattern, text)
  if pattern ~= "" and text == "" then return values.strings { "" } end
  local parts, at, stop = {}, 1, 1
  for _, marks in ipairs(all_matches(machine, limit)) do
    if limit > 0 and #parts == limit - 1 then break end
    stop = marks[1]
    if marks[2] ~= 1 then
      parts[#parts + 1] = between(machine, at, stop)
    end
    at = marks[2]
  end
  if stop ~= #machine.codes + 1 then parts[#parts + 1] = between(machine, at, #machine.codes + 1) end
  return values.strings(parts)
end

local function quote_meta(text)
  return (string.gsub(text, "[\\.+*?()|%[%]{}^$]", "\\%0"))
end

local function replace_all(run, pattern, text, replacement)
  return replace(run, pattern, text, replacement, false)
end

local function replace_literal(run, pattern, text, replacement)
  return replace(run, pattern, text, replacement, true)
end

return {
  regexMatch = { "run string string -> bool", matches },
  mustRegexMatch = { "run string string -> bool", must_match },
  regexFind = { "run string string -> string", find_first },
  mustRegexFind = { "run string string -> string", find_first },
  regexFindAll = { "run string string int -> any", find_all },
  mustRegexFindAll = { "run string string int -> any", find_all },
  regexReplaceAll = { "run string string string -> string", replace_all },
  mustRegexReplaceAll = { "run string string string -> string", replace_all },
  regexReplaceAllLiteral = { "run string string string -> string", replace_literal },
  mustRegexReplaceAllLiteral = { "run string string string -> string", replace_literal },
  regexSplit = { "run string string int -> any", split },
  mustRegexSplit = { "run string string int -> any", split },
  regexQuoteMeta = { "string -> string", quote_meta },
}

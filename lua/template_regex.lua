-- RE2's syntax (Go's regexp) into a program for template_match: every match takes time linear in text and program.
-- Unicode classes (\pL) are refused. Instructions:
--   {op = "rune", set, negated}  {op = "any", newline}  {op = "split", x, y}  {op = "jump", x}  {op = "save", n}
--   {op = "assert", what}  {op = "match"}
local problem = require "template_problem"
local unicode = require "template_unicode"

local regex = {}

local sub, find, match = string.sub, string.find, string.match

local REPEATS, SIZE, NESTING = 1000, 20000, 100

local function wrong(self, what)
  problem.raise("error parsing regexp: %s: %q", what, self.text)
end

-- Character classes: lists of {from, to} -----------------------------------------------------------------------------

local PERL = {
  d = { { 48, 57 } },
  w = { { 48, 57 }, { 65, 90 }, { 95, 95 }, { 97, 122 } },
  s = { { 9, 10 }, { 12, 13 }, { 32, 32 } },
}

local POSIX = {
  alnum = { { 48, 57 }, { 65, 90 }, { 97, 122 } }, alpha = { { 65, 90 }, { 97, 122 } }, ascii = { { 0, 127 } },
  blank = { { 9, 9 }, { 32, 32 } }, cntrl = { { 0, 31 }, { 127, 127 } }, digit = { { 48, 57 } },
  graph = { { 33, 126 } }, lower = { { 97, 122 } }, print = { { 32, 126 } },
  punct = { { 33, 47 }, { 58, 64 }, { 91, 96 }, { 123, 126 } }, space = { { 9, 13 }, { 32, 32 } },
  upper = { { 65, 90 } }, word = { { 48, 57 }, { 65, 90 }, { 95, 95 }, { 97, 122 } },
  xdigit = { { 48, 57 }, { 65, 70 }, { 97, 102 } },
}

local function complement(ranges)
  local sorted = table.move(ranges, 1, #ranges, 1, {})
  table.sort(sorted, function(a, b) return a[1] < b[1] end)
  local out, next_code = {}, 0
  for _, range in ipairs(sorted) do
    if range[1] > next_code then out[#out + 1] = { next_code, range[1] - 1 } end
    next_code = math.max(next_code, range[2] + 1)
  end
  if next_code <= 0x10FFFF then out[#out + 1] = { next_code, 0x10FFFF } end
  return out
end

-- With (?i) a class holds the other case of its letters too; of ranges, those of ASCII.
local function fold(ranges)
  local out = table.move(ranges, 1, #ranges, 1, {})
  for _, range in ipairs(ranges) do
    for code = math.max(range[1], 65), math.min(range[2], 122) do
      local other = find(utf8.char(code), "%a") and code ~ 32
      if other then out[#out + 1] = { other, other } end
    end
    if range[1] == range[2] and range[1] > 127 then
      for _, change in ipairs { unicode.to_upper, unicode.to_lower } do
        out[#out + 1] = { change(range[1]), change(range[1]) }
      end
    end
  end
  return out
end

-- Reading ------------------------------------------------------------------------------------------------------------

local CONTROL = { a = 7, f = 12, t = 9, n = 10, r = 13, v = 11 }

-- The code point of the (possibly escaped) character at self.at, which moves on.
local function code_point(self)
  local text, at = self.text, self.at
  if sub(text, at, at) ~= "\\" then
    local stop = (utf8.offset(text, 2, at) or #text + 1) - 1
    self.at = stop + 1
    return utf8.codepoint(text, at)
  end
  local hex = match(text, "^\\x(%x%x)", at) or match(text, "^\\x{(%x+)}", at)
  if hex then
    self.at = find(text, "^\\x{", at) and at + #hex + 4 or at + 4
    local code = #hex <= 6 and tonumber(hex, 16)
    return code and code <= 0x10FFFF and code or wrong(self, "invalid escape sequence")
  end
  local octal = match(text, "^\\(0[0-7]?[0-7]?)", at) or match(text, "^\\([1-7][0-7][0-7]?)", at)
  if octal then
    self.at = at + 1 + #octal
    return tonumber(octal, 8)
  end
  local c = sub(text, at + 1, at + 1)
  self.at = at + 2
  if CONTROL[c] then return CONTROL[c] end
  if find(c, "^%p$") then return string.byte(c) end
  return wrong(self, c == "" and "trailing backslash at end of expression" or "invalid escape sequence")
end

-- \d \W and the like, as a class; nil for anything else.
local function perl_class(self)
  local c = match(self.text, "^\\([dswDSW])", self.at)
  if find(self.text, "^\\[pP]", self.at) then problem.raise("\\p classes are not spoken here: %q", self.text) end
  if not c then return nil end
  self.at = self.at + 2
  local ranges = PERL[string.lower(c)]
  return find(c, "%u") and complement(ranges) or ranges
end

local function posix_class(self)
  local negated, name, stop = match(self.text, "^%[:(^?)(%a+):%]()", self.at)
  if not name then return nil end
  self.at = stop
  local ranges = POSIX[name] or wrong(self, "invalid character class range")
  return negated == "^" and complement(ranges) or ranges
end

local function bracket_item(self, ranges)
  local class = posix_class(self) or perl_class(self)
  if class then
    table.move(class, 1, #class, #ranges + 1, ranges)
    return
  end
  local from = code_point(self)
  local to = from
  if find(self.text, "^%-[^%]]", self.at) then
    self.at = self.at + 1
    to = code_point(self)
  end
  if to < from then wrong(self, "invalid character class range") end
  ranges[#ranges + 1] = { from, to }
end

local function bracket(self)
  local ranges, first = {}, true
  self.at = self.at + 1
  local negated = sub(self.text, self.at, self.at) == "^"
  if negated then self.at = self.at + 1 end
  while first or sub(self.text, self.at, self.at) ~= "]" do
    if self.at > #self.text then wrong(self, "missing closing ]") end
    first = false
    bracket_item(self, ranges)
  end
  self.at = self.at + 1
  if self.flags.i then ranges = fold(ranges) end
  return { kind = "rune", set = negated and complement(ranges) or ranges }
end

local function literal(self, code)
  local ranges = { { code, code } }
  return { kind = "rune", set = self.flags.i and fold(ranges) or ranges }
end

local ASSERTS = { A = "text begin", z = "text end", b = "word", B = "not word" }

local function escaped(self)
  local c = match(self.text, "^\\([AzbB])", self.at)
  if c then
    self.at = self.at + 2
    return { kind = "assert", what = ASSERTS[c] }
  end
  if find(self.text, "^\\[C1-9]", self.at) and not find(self.text, "^\\[1-7][0-7]", self.at) then
    wrong(self, "invalid escape sequence")
  end
  local class = perl_class(self)
  if class then return { kind = "rune", set = self.flags.i and fold(class) or class } end
  return literal(self, code_point(self))
end

local alternation

local function set_flags(self, on, off)
  local flags = {}
  for flag, value in pairs(self.flags) do flags[flag] = value end
  for flag in string.gmatch(on, ".") do flags[flag] = true end
  for flag in string.gmatch(off, ".") do flags[flag] = nil end
  self.flags = flags
end

local function group_body(self, node)
  self.level = self.level + 1
  if self.level > NESTING then wrong(self, "expression nests too deeply") end
  local flags = node.flags or self.flags
  node.body = alternation(self)
  if sub(self.text, self.at, self.at) ~= ")" then wrong(self, "missing closing )") end
  self.at = self.at + 1
  self.flags, self.level = flags, self.level - 1
  return node
end

local function group(self)
  local text, at = self.text, self.at
  local name, after = match(text, "^%(%?P?<([%w_]+)>()", at)
  local on, off, close, stop = match(text, "^%(%?([imsU]*)%-?([imsU]*)([:)])()", at)
  if name or not find(text, "^%(%?", at) then
    self.captures = self.captures + 1
    self.names[self.captures] = name
    self.at = after or at + 1
    return group_body(self, { kind = "capture", n = self.captures })
  end
  if not close then wrong(self, "invalid or unsupported Perl syntax") end
  self.at = stop
  local outer = self.flags
  set_flags(self, on, off)
  if close == ")" then return { kind = "sequence" } end
  return group_body(self, { kind = "sequence", flags = outer })
end

local function atom(self)
  local c = sub(self.text, self.at, self.at)
  if c == "(" then return group(self) end
  if c == "[" then return bracket(self) end
  if c == "\\" then return escaped(self) end
  if find(c, "^[*+?]") then wrong(self, "missing argument to repetition operator") end
  if c == "." or c == "^" or c == "$" then
    self.at = self.at + 1
    if c == "." then return { kind = "any", newline = self.flags.s } end
    local line = self.flags.m and "line " or "text "
    return { kind = "assert", what = line .. (c == "^" and "begin" or "end") }
  end
  return literal(self, code_point(self))
end

-- least, most (nil: no bound) of a repetition at self.at, which moves past it; nil where there is none.
local function repetition(self)
  local c = sub(self.text, self.at, self.at)
  local simple = ({ ["*"] = { 0 }, ["+"] = { 1 }, ["?"] = { 0, 1 } })[c]
  if simple then
    self.at = self.at + 1
    return simple[1], simple[2]
  end
  local least, comma, most, stop = match(self.text, "^{(%d+)(,?)(%d*)}()", self.at)
  if not least or (comma == "" and most ~= "") then return nil end
  self.at = stop
  least = tonumber(least)
  most = comma == "" and least or tonumber(most)
  if least > REPEATS or (most or 0) > REPEATS or (most and most < least) then wrong(self, "invalid repeat count") end
  return least, most
end

local function repeated(self)
  local node = atom(self)
  local count = 0
  while true do
    local least, most = repetition(self)
    if not least then return node end
    count = count + 1
    if count > 1 then wrong(self, "invalid nested repetition operator") end
    local lazy = sub(self.text, self.at, self.at) == "?"
    if lazy then self.at = self.at + 1 end
    node = { kind = "repeat", body = node, least = least, most = most, lazy = lazy ~= (self.flags.U or false) }
  end
end

local function sequence(self)
  local parts = { kind = "sequence" }
  while self.at <= #self.text and not find(self.text, "^[|)]", self.at) do parts[#parts + 1] = repeated(self) end
  return parts
end

function alternation(self)
  local node = sequence(self)
  if sub(self.text, self.at, self.at) ~= "|" then return node end
  node = { kind = "choice", node }
  while sub(self.text, self.at, self.at) == "|" do
    self.at = self.at + 1
    node[#node + 1] = sequence(self)
  end
  return node
end

-- Program ------------------------------------------------------------------------------------------------------------

local emit

local function add(program, instruction)
  if #program >= SIZE then problem.raise("regexp is too big: %q", program.text) end
  program[#program + 1] = instruction
  return instruction
end

local function branch(program, lazy)
  local split = add(program, { op = "split" })
  return split, lazy and "y" or "x", lazy and "x" or "y"
end

local EMIT = {}

function EMIT.rune(program, node)
  add(program, { op = "rune", set = node.set })
end

function EMIT.any(program, node)
  add(program, { op = "any", newline = node.newline })
end

function EMIT.assert(program, node)
  add(program, { op = "assert", what = node.what })
end

function EMIT.sequence(program, node)
  for _, part in ipairs(node) do emit(program, part) end
  if node.body then emit(program, node.body) end
end

function EMIT.capture(program, node)
  add(program, { op = "save", n = 2 * node.n + 1 })
  emit(program, node.body)
  add(program, { op = "save", n = 2 * node.n + 2 })
end

function EMIT.choice(program, node)
  local jumps = {}
  for i, part in ipairs(node) do
    local split = i < #node and add(program, { op = "split", x = #program + 2 })
    emit(program, part)
    if split then
      jumps[#jumps + 1] = add(program, { op = "jump" })
      split.y = #program + 1
    end
  end
  for _, jump in ipairs(jumps) do jump.x = #program + 1 end
end

-- Can it match nothing?
local function nullable(node)
  if node.kind == "rune" or node.kind == "any" then return false end
  if node.kind == "assert" or node.kind == "repeat" and node.least == 0 then return true end
  if node.kind == "choice" then
    for _, part in ipairs(node) do
      if nullable(part) then return true end
    end
    return false
  end
  for _, part in ipairs(node) do
    if not nullable(part) then return false end
  end
  return not node.body or nullable(node.body)
end

-- The body, then back to it or out.
local function emit_plus(program, node)
  local start = #program + 1
  emit(program, node.body)
  local split, inner, outer = branch(program, node.lazy)
  split[inner], split[outer] = start, #program + 1
end

-- The body once or not at all, `count` times, each inside the one before.
local function emit_optional(program, node, count, write)
  local splits = {}
  for i = 1, count do
    local split, inner, outer = branch(program, node.lazy)
    split[inner] = #program + 1
    splits[i] = { split, outer }
    write(program, node)
  end
  for _, entry in ipairs(splits) do entry[1][entry[2]] = #program + 1 end
end

local function emit_body(program, node)
  emit(program, node.body)
end

EMIT["repeat"] = function(program, node)
  for _ = 1, node.most and node.least or node.least - 1 do emit(program, node.body) end
  if node.most then
    emit_optional(program, node, node.most - node.least, emit_body)
  elseif node.least > 0 then
    emit_plus(program, node)
  elseif nullable(node.body) then
    emit_optional(program, node, 1, emit_plus) -- as Go does, to prefer the right match
  else
    local split, inner, outer = branch(program, node.lazy)
    local here = #program
    split[inner] = here + 1
    emit(program, node.body)
    add(program, { op = "jump", x = here })
    split[outer] = #program + 1
  end
end

function emit(program, node)
  EMIT[node.kind](program, node)
end

-- \Q...\E, in which everything stands for itself, written out with backslashes.
local function unquote(text)
  local out, at = {}, 1
  while true do
    local from = find(text, "\\", at, true)
    if not from then return table.concat(out) .. sub(text, at) end
    out[#out + 1] = sub(text, at, from - 1)
    if sub(text, from + 1, from + 1) == "Q" then
      local stop = find(text, "\\E", from + 2, true) or #text + 1
      out[#out + 1] = string.gsub(sub(text, from + 2, stop - 1), "[\\.+*?()|%[%]{}^$]", "\\%0")
      at = stop + 2
    else
      out[#out + 1] = sub(text, from, from + 1)
      at = from + 2
    end
  end
end

-- A program: instructions, `captures` (how many groups) and `names` (of groups, by number).
function regex.compile(text)
  if not unicode.is_valid(text) then problem.raise("error parsing regexp: invalid UTF-8") end
  text = unquote(text)
  local self = { text = text, at = 1, flags = {}, captures = 0, names = {}, level = 0 }
  local node = alternation(self)
  if self.at <= #text then wrong(self, "unexpected )") end
  local program = { text = text, captures = self.captures, names = self.names }
  add(program, { op = "save", n = 1 })
  emit(program, node)
  add(program, { op = "save", n = 2 })
  add(program, { op = "match" })
  return program
end

return regex

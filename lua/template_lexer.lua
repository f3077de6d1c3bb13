-- Text into tokens, as Go's text/template/parse does it: text, and inside {{ }} words, numbers, strings and marks.
-- Inside an action spaces are tokens, because they separate arguments.
local problem = require "template_problem"

local lexer = {}
lexer.__index = lexer

local find, sub, byte, match = string.find, string.sub, string.byte, string.match

local KEYWORDS = {}
for word in string.gmatch("block break continue define else end if range nil template with", "%a+") do
  KEYWORDS[word] = true
end

local MARKS = { ["|"] = "pipe", ["="] = "assign", ["("] = "(", [")"] = ")" }

function lexer.new(name, text)
  return setmetatable({ name = name, text = text, at = 1, inside = false, parens = 0 }, lexer)
end

function lexer:fail(at, message)
  problem.raise_at(self.name, self.text, at, message)
end

local function token(self, kind, from, to)
  self.at = to + 1
  return { kind = kind, text = sub(self.text, from, to), at = from }
end

-- A token as Go's messages show it.
function lexer.show(item)
  if item.kind == "end of text" then return "EOF" end
  if item.keyword or item.kind == "dot" then return "<" .. item.text .. ">" end
  local text = item.text
  local long = utf8.len(text) and utf8.len(text) > 10
  if long then text = sub(text, 1, utf8.offset(text, 11) - 1) end
  text = string.gsub(text, '[\\"]', "\\%0")
  text = string.gsub(text, "[\n\t\r]", { ["\n"] = "\\n", ["\t"] = "\\t", ["\r"] = "\\r" })
  return '"' .. text .. '"' .. (long and "..." or "")
end

-- A trim marker is a minus with white space on its inner side.
local function trims_before(text, at)
  return find(text, "^%-[ \t\r\n]", at) ~= nil
end

local function closes(text, at)
  if find(text, "^[ \t\r\n]%-}}", at) then return 4, true end
  if find(text, "^}}", at) then return 2, false end
  return nil
end

-- {{/* ... */}}: the delimiters must touch the comment, but for a trim marker.
local function comment(self, from)
  local text = self.text
  local _, stop = find(text, "*/", from + 2, true)
  if not stop then self:fail(from, "unclosed comment") end
  local width, trim = closes(text, stop + 1)
  if not width then self:fail(from, "comment ends before closing delimiter") end
  self.at = stop + 1 + width
  if trim then self.at = find(text, "[^ \t\r\n]", self.at) or #text + 1 end
end

local function outside(self)
  local text = self.text
  local from = self.at
  local open = find(text, "{{", from, true)
  local stop = open and open - 1 or #text
  local after = open and open + 2
  if open and trims_before(text, after) then
    while stop >= from and find(sub(text, stop, stop), "[ \t\r\n]") do stop = stop - 1 end
    after = after + 2
  end
  if stop >= from then
    local item = { kind = "text", text = sub(text, from, stop), at = from }
    self.at = open or #text + 1
    return item
  end
  if not open then return { kind = "end of text", text = "", at = #text + 1 } end
  if find(text, "^/%*", after) then
    comment(self, after)
    return outside(self)
  end
  self.inside, self.parens, self.at = true, 0, after
  return { kind = "open", text = "{{", at = open }
end

-- A word: letters, digits, _, and whatever lies beyond ASCII but is no punctuation or space there.
local function word_end(text, at)
  while true do
    local c = byte(text, at)
    if not c then return at - 1 end
    if c < 0x80 then
      if not find(text, "^[%w_]", at) then return at - 1 end
      at = at + 1
    else
      local whole = match(text, "^[\xC2-\xF4][\x80-\xBF]+", at)
      local code = whole and utf8.len(whole) and utf8.codepoint(whole)
      if not code or code < 0xAA or (code >= 0x2000 and code <= 0x206F) or (code >= 0x3000 and code < 0x3005) then
        return at - 1
      end
      at = at + #whole
    end
  end
end

local function terminated(text, at)
  return at > #text or find(text, "^[ \t\r\n.,|:)(}]", at) ~= nil
end

local function rune(text, at)
  local char = match(text, "^[%z\1-\x7F]", at) or match(text, "^[\xC2-\xF4][\x80-\xBF]+", at)
  if not char or not utf8.len(char) then return string.format("U+%04X", 0xFFFD) end
  return string.format("U+%04X '%s'", utf8.codepoint(char), char)
end

local function word(self, kind, from, at)
  local stop = word_end(self.text, at)
  if not terminated(self.text, stop + 1) then self:fail(from, "bad character " .. rune(self.text, stop + 1)) end
  return token(self, kind, from, stop)
end

local function quoted(self, from, quote, kind, name)
  local text, at = self.text, from + 1
  while true do
    local c = sub(text, at, at)
    if c == "" or c == "\n" then self:fail(from, "unterminated " .. name) end
    if c == "\\" then
      at = at + 1
      if find(text, "^[^\n]", at) == nil then self:fail(from, "unterminated " .. name) end
    elseif c == quote then
      return token(self, kind, from, at)
    end
    at = at + 1
  end
end

local function number(self, from)
  local text = self.text
  local _, stop = find(text, "^[+-]?0[xX][%x_]*%.?[%x_]*[pP]?[+-]?[%d_]*", from)
  if not stop then _, stop = find(text, "^[+-]?0[oObB][%d_]+", from) end
  if not stop then
    _, stop = find(text, "^[+-]?[%d_]*%.?[%d_]*", from)
    local _, exponent = find(text, "^[eE][+-]?[%d_]*", stop + 1)
    stop = exponent or stop
  end
  if find(text, "^i", stop + 1) then self:fail(from, "complex numbers are not spoken here") end
  if word_end(text, stop + 1) > stop then
    self:fail(from, string.format('bad number syntax: "%s"', sub(text, from, stop + 1)))
  end
  return token(self, "number", from, stop)
end

local function name_or_keyword(self, from)
  local item = word(self, "identifier", from, from)
  if KEYWORDS[item.text] then
    item.kind, item.keyword = item.text, true
  elseif item.text == "true" or item.text == "false" then
    item.kind = "bool"
  end
  return item
end

local function paren(self, from, c)
  self.parens = self.parens + (c == "(" and 1 or -1)
  if self.parens < 0 then self:fail(from, "unexpected right paren") end
  return token(self, c, from, from)
end

local function dot_or_dollar(self, from, c)
  local text = self.text
  if c == "." and find(text, "^%d", from + 1) then return number(self, from) end
  local kind = c == "." and "field" or "variable"
  if terminated(text, from + 1) then return token(self, c == "." and "dot" or kind, from, from) end
  return word(self, kind, from, from + 1)
end

local function symbol(self, from, c)
  local text = self.text
  if c == '"' then return quoted(self, from, '"', "string", "quoted string") end
  if c == "'" then return quoted(self, from, "'", "character", "character constant") end
  if c == "`" then
    local close = find(text, "`", from + 1, true)
    if not close then self:fail(from, "unterminated raw quoted string") end
    return token(self, "raw string", from, close)
  end
  if c == ":" then
    if sub(text, from + 1, from + 1) ~= "=" then self:fail(from, "expected :=") end
    return token(self, "declare", from, from + 1)
  end
  if c == "." or c == "$" then return dot_or_dollar(self, from, c) end
  if find(c, "[%d+-]") then return number(self, from) end
  if c == "(" or c == ")" then return paren(self, from, c) end
  if MARKS[c] then return token(self, MARKS[c], from, from) end
  if word_end(text, from) >= from then return name_or_keyword(self, from) end
  if find(c, "^[!-~]") then return token(self, "char", from, from) end
  return self:fail(from, "unrecognized character in action: " .. rune(text, from))
end

local function closing(self, from, width, trim)
  if self.parens > 0 then self:fail(from, "unclosed left paren") end
  self.inside = false
  local item = token(self, "close", from, from + width - 1)
  item.text = "}}"
  if trim then self.at = find(self.text, "[^ \t\r\n]", self.at) or #self.text + 1 end
  return item
end

function lexer:next()
  if not self.inside then return outside(self) end
  local text, from = self.text, self.at
  local width, trim = closes(text, from)
  if width then return closing(self, from, width, trim) end
  local _, spaces = find(text, "^[ \t\r\n]+", from)
  if spaces then
    -- The last space belongs to a trim marker that follows it.
    if find(text, "^%-}}", spaces + 1) then
      if spaces == from then return closing(self, from, 4, true) end
      spaces = spaces - 1
    end
    return token(self, "space", from, spaces)
  end
  if from > #text then self:fail(from, "unclosed action") end
  return symbol(self, from, sub(text, from, from))
end

return lexer

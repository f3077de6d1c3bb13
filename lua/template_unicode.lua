-- What Lua does not know of Unicode: case, white space, what prints. Complete for Latin, Greek and Cyrillic;
-- letters of other scripts that have case are refused rather than left as they are.
local problem = require "template_problem"

local unicode = {}

local char, gsub, byte = utf8.char, string.gsub, string.byte

local UPPER, LOWER = {}, {}

local function pair(upper, lower)
  LOWER[upper], UPPER[lower] = lower, upper
end

for code = 0x41, 0x5A do pair(code, code + 32) end
for code = 0xC0, 0xDE do if code ~= 0xD7 then pair(code, code + 32) end end
for code = 0x100, 0x136, 2 do if code ~= 0x130 then pair(code, code + 1) end end
for code = 0x139, 0x147, 2 do pair(code, code + 1) end
for code = 0x14A, 0x176, 2 do pair(code, code + 1) end
for code = 0x179, 0x17D, 2 do pair(code, code + 1) end
for code = 0x391, 0x3AB do if code ~= 0x3A2 then pair(code, code + 32) end end
for code = 0x410, 0x42F do pair(code, code + 32) end
for code = 0x400, 0x40F do pair(code, code + 80) end
for code = 0x460, 0x480, 2 do pair(code, code + 1) end
for code = 0x48A, 0x4BE, 2 do pair(code, code + 1) end
for code = 0x4C1, 0x4CD, 2 do pair(code, code + 1) end
for code = 0x4D0, 0x52E, 2 do pair(code, code + 1) end
for code = 0x1E00, 0x1E94, 2 do pair(code, code + 1) end
for code = 0x1EA0, 0x1EFE, 2 do pair(code, code + 1) end
pair(0x178, 0xFF)
pair(0x386, 0x3AC)
pair(0x388, 0x3AD)
pair(0x389, 0x3AE)
pair(0x38A, 0x3AF)
pair(0x38C, 0x3CC)
pair(0x38E, 0x3CD)
pair(0x38F, 0x3CE)
pair(0x4C0, 0x4CF)
LOWER[0x130], UPPER[0x131], UPPER[0x17F], UPPER[0x3C2], UPPER[0xB5] = 0x69, 0x49, 0x53, 0x3A3, 0x39C
LOWER[0x1E9E], UPPER[0x1E9B] = 0xDF, 0x1E60

-- Where case may hide that the tables above do not have.
local UNKNOWN = {
  { 0x180, 0x24F }, { 0x370, 0x377 }, { 0x37B, 0x37F }, { 0x3D0, 0x3FF }, { 0x531, 0x587 }, { 0x10A0, 0x10FF },
  { 0x13A0, 0x13FF }, { 0x1C80, 0x1CBF }, { 0x1D79, 0x1D8E }, { 0x1F00, 0x1FFF }, { 0x2126, 0x2188 },
  { 0x24B6, 0x24E9 }, { 0x2C00, 0x2D2F }, { 0xA640, 0xA7FF }, { 0xAB53, 0xABBF }, { 0xFF21, 0xFF5A },
  { 0x10400, 0x105FF }, { 0x10C80, 0x10FFF }, { 0x118A0, 0x118DF }, { 0x16E40, 0x16E7F }, { 0x1E900, 0x1E943 },
}

local function within(code, ranges)
  for _, range in ipairs(ranges) do
    if code >= range[1] and code <= range[2] then return true end
  end
  return false
end

local function mapped(code, map)
  if map[code] then return map[code] end
  if code >= 0x180 and within(code, UNKNOWN) then problem.raise("the case of U+%04X is not known here", code) end
  return code
end

function unicode.to_upper(code)
  return mapped(code, UPPER)
end

function unicode.to_lower(code)
  return mapped(code, LOWER)
end

-- Go's strings.Map on valid UTF-8; bytes that are none become U+FFFD, as in Go.
function unicode.map(text, change)
  if not string.find(text, "[\x80-\xFF]") then
    return (gsub(text, ".", function(c) return char(change(byte(c))) end))
  end
  local out = {}
  for _, code in ipairs(unicode.codes(text)) do out[#out + 1] = char(change(code)) end
  return table.concat(out)
end

-- The runes of a text, U+FFFD for each byte that is no UTF-8; and the byte where each begins.
function unicode.codes(text)
  local codes, starts, at = {}, {}, 1
  while at <= #text do
    local stop = byte(text, at) < 0x80 and at or select(2, string.find(text, "^[\xC2-\xF4][\x80-\xBF]+", at))
    local width = 1
    codes[#codes + 1], starts[#starts + 1] = 0xFFFD, at
    if stop then
      local c = byte(text, at)
      local want = c < 0x80 and 1 or c < 0xE0 and 2 or c < 0xF0 and 3 or 4
      local piece = string.sub(text, at, at + want - 1)
      if #piece == want and utf8.len(piece) == 1 then codes[#codes], width = utf8.codepoint(piece), want end
    end
    at = at + width
  end
  return codes, starts
end

function unicode.upper(text)
  return unicode.map(text, unicode.to_upper)
end

function unicode.lower(text)
  return unicode.map(text, unicode.to_lower)
end

local SPACES = { { 0x09, 0x0D }, { 0x20, 0x20 }, { 0x85, 0x85 }, { 0xA0, 0xA0 }, { 0x1680, 0x1680 },
  { 0x2000, 0x200A }, { 0x2028, 0x2029 }, { 0x202F, 0x202F }, { 0x205F, 0x205F }, { 0x3000, 0x3000 } }

function unicode.is_space(code)
  return within(code, SPACES)
end

function unicode.is_upper(code)
  return LOWER[code] ~= nil
end

function unicode.is_lower(code)
  return UPPER[code] ~= nil or code == 0xDF
end

-- Letters and digits, for word borders: everything beyond ASCII that is neither space nor punctuation.
function unicode.is_word(code)
  if code < 0x80 then return string.find(char(code), "[%w_]") ~= nil end
  if code < 0xC0 then return code == 0xAA or code == 0xB5 or code == 0xBA end
  return code ~= 0xD7 and code ~= 0xF7 and not within(code, { { 0x2000, 0x206F }, { 0x3000, 0x3003 } })
end

-- Characters that Go's %q writes as escapes.
local HIDDEN = { { 0x7F, 0xA0 }, { 0xAD, 0xAD }, { 0x600, 0x605 }, { 0x61C, 0x61C }, { 0x1680, 0x1680 },
  { 0x180E, 0x180E }, { 0x2000, 0x200F }, { 0x2028, 0x202F }, { 0x205F, 0x206F }, { 0x3000, 0x3000 },
  { 0xD800, 0xF8FF }, { 0xFEFF, 0xFEFF }, { 0xFFF0, 0xFFFB }, { 0xFFFE, 0xFFFF }, { 0xE0000, 0x10FFFF } }

function unicode.is_print(code)
  return code >= 0x20 and not within(code, HIDDEN)
end

-- Does it begin and end in well-formed UTF-8?
function unicode.is_valid(text)
  return utf8.len(text) ~= nil
end

return unicode

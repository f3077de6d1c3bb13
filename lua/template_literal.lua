-- Go's literals: what a quoted string, a character or a number in an action stands for.
-- Each returns nil and a reason where the literal is none.
local literal = {}

local sub, match, gsub = string.sub, string.match, string.gsub

local SIMPLE = {
  a = "\a", b = "\b", f = "\f", n = "\n", r = "\r", t = "\t", v = "\v", ["\\"] = "\\", ['"'] = '"', ["'"] = "'",
}
local CODED = { x = "^%x%x", u = "^%x%x%x%x", U = "^%x%x%x%x%x%x%x%x" }

-- One escape after the backslash at `at`: its bytes, the rune it means (nil for raw bytes), and where it ends.
local function escape(text, at, quote)
  local c = sub(text, at, at)
  if SIMPLE[c] and (c ~= '"' and c ~= "'" or c == quote) then return SIMPLE[c], string.byte(SIMPLE[c]), at end
  local octal = match(text, "^[0-3][0-7][0-7]", at)
  if octal then return string.char(tonumber(octal, 8)), tonumber(octal, 8), at + 2 end
  local digits = CODED[c] and match(text, CODED[c], at + 1)
  if not digits then return nil end
  local code = tonumber(digits, 16)
  if c == "x" then return string.char(code), code, at + 2 end
  if code > 0x10FFFF or (code >= 0xD800 and code <= 0xDFFF) then return nil end
  return utf8.char(code), code, at + #digits
end

function literal.string(text)
  local out, at = {}, 2
  while at < #text do
    local c = sub(text, at, at)
    if c == "\\" then
      local bytes, _, stop = escape(text, at + 1, '"')
      if not bytes then return nil, "invalid syntax" end
      c, at = bytes, stop
    end
    out[#out + 1] = c
    at = at + 1
  end
  return table.concat(out)
end

function literal.raw(text)
  return (gsub(sub(text, 2, -2), "\r", ""))
end

function literal.character(text)
  local inner = sub(text, 2, -2)
  if sub(inner, 1, 1) == "\\" then
    local _, code, stop = escape(inner, 2, "'")
    if code and stop == #inner then return code end
  elseif inner ~= "'" and utf8.len(inner) == 1 then
    return utf8.codepoint(inner)
  end
  return nil, "malformed character constant: " .. text
end

local BASES = { x = 16, o = 8, b = 2 }

-- An integer that fits int64, or nil; `text` without underscores.
local function integer(text)
  local sign, digits = match(text, "^([+-]?)(.*)$")
  local prefix, rest = match(digits, "^0([xob])(%x+)$")
  local base = BASES[prefix] or (match(digits, "^0%d+$") and 8) or 10
  rest = rest or digits
  if not match(rest, base == 16 and "^%x+$" or "^%d+$") then return nil end
  local n = 0
  for i = 1, #rest do
    local digit = tonumber(sub(rest, i, i), 16)
    if digit >= base then return nil end
    if n > (math.maxinteger - digit) // base then return nil, true end
    n = n * base + digit
  end
  return sign == "-" and -n or n
end

-- A number as {text, int = , float = }; either may be missing, as in Go: 1 is both, 1e3 too, 1.5 only a float.
function literal.number(text)
  local plain = gsub(string.lower(text), "_", "")
  local int, overflow = integer(plain)
  if overflow then return nil, "integer overflow: " .. text end
  if int then return { text = text, int = int, float = int + 0.0 } end
  local float = match(plain, "^[+-]?[%dx.]") and not match(plain, "^[+-]?0[ob]") and tonumber(plain)
  if not float or (match(plain, "x") and not match(plain, "p")) then return nil, "bad number syntax: " .. text end
  if math.type(float) == "integer" then float = float + 0.0 end
  return { text = text, float = float, int = math.tointeger(float), written_as_float = true }
end

return literal

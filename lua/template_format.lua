-- Go's fmt: how values print, and Printf. Made of values of our own only, so no %p and no addresses.
local problem = require "template_problem"
local unicode = require "template_unicode"
local values = require "template_values"

local format = {}

local sub, rep, concat = string.sub, string.rep, table.concat

-- Shortest digits that read back as the same float: its %e form.
local function shortest(float)
  for precision = 0, 16 do
    local text = string.format("%." .. precision .. "e", float)
    if tonumber(text) == float then return text end
  end
  return string.format("%.17e", float)
end

local function special(float)
  if float ~= float then return "NaN" end
  if float == math.huge then return "+Inf" end
  if float == -math.huge then return "-Inf" end
  return nil
end

-- A float without exponent, shortest: beyond 2^53 zeros stand where more digits would say nothing.
local function decimal(float)
  if math.abs(float) >= 1e15 then
    local sign, digits, exponent = string.match((string.gsub(shortest(float), "%.", "")), "^(%-?)(%d+)e%+(%d+)$")
    return sign .. digits .. rep("0", tonumber(exponent) + 1 - #digits)
  end
  for precision = 0, 340 do
    local text = string.format("%." .. precision .. "f", float)
    if tonumber(text) == float then return text end
  end
end
format.shortest = shortest
format.decimal = decimal

-- The shortest text of a float64, with an exponent below 1e-4 and from 10^ceiling (6 where fmt prints).
function format.float(float, ceiling)
  local odd = special(float)
  if odd then return odd end
  if float == 0 then return 1 / float < 0 and "-0" or "0" end
  local text = shortest(float)
  local exponent = tonumber(string.match(text, "e(.*)$"))
  if exponent < -4 or exponent >= (ceiling or 6) then return text end
  return decimal(float)
end

local ESCAPES = { ["\a"] = "\\a", ["\b"] = "\\b", ["\f"] = "\\f", ["\n"] = "\\n", ["\r"] = "\\r", ["\t"] = "\\t",
  ["\v"] = "\\v", ["\\"] = "\\\\", ['"'] = '\\"' }

-- Go's %q of a string.
function format.quote(text)
  local out = {}
  local codes, starts = unicode.codes(text)
  for i, code in ipairs(codes) do
    local raw = sub(text, starts[i], (starts[i + 1] or #text + 1) - 1)
    if ESCAPES[raw] then
      out[i] = ESCAPES[raw]
    elseif code == 0xFFFD and #raw == 1 or code < 0x20 or code == 0x7F then
      out[i] = string.format("\\x%02x", string.byte(raw))
    elseif unicode.is_print(code) then
      out[i] = raw
    else
      out[i] = string.format(code < 0x10000 and "\\u%04x" or "\\U%08x", code)
    end
  end
  return '"' .. concat(out) .. '"'
end

local show

local function show_list(run, v, level)
  local out = {}
  local items, n = values.items(v)
  for i = 1, n do out[i] = show(run, items[i], level + 1) end
  return "[" .. concat(out, " ") .. "]"
end

local function show_map(run, v, level)
  local out = {}
  for i, key in ipairs(values.sorted_keys(v.entries)) do
    out[i] = key .. ":" .. show(run, v.entries[key], level + 1)
  end
  return "map[" .. concat(out, " ") .. "]"
end

local function show_struct(run, v, level)
  if v.opaque then problem.raise("%s does not print", v.type) end
  if v.kind == "ptr" and level > 0 then problem.raise("prints a memory address, for %s", v.type) end
  local out = {}
  for i, field in ipairs(v.fields) do out[i] = show(run, field.value, level + 1) end
  return (v.kind == "ptr" and "&" or "") .. "{" .. concat(out, " ") .. "}"
end

-- Go's %v.
function show(run, v, level)
  run:spend(1)
  run:nest(level)
  local kind = values.kind(v)
  if kind == "string" then
    run:grow(#v)
    return v
  end
  if kind == "float64" then return format.float(v) end
  if not values.is_value(v) then return tostring(v) end
  if v.text then return v.text end
  if v.value then return tostring(v.value) end
  if kind == "invalid" then return "<nil>" end
  if kind == "slice" then return show_list(run, v, level) end
  if kind == "map" then return show_map(run, v, level) end
  return show_struct(run, v, level)
end

function format.value(run, v)
  return show(run, v, 0)
end

-- sprig's strval: what a value is as a string; a []byte is its bytes.
function format.string(run, v)
  if type(v) == "string" then return v end
  if values.is_value(v) and v.bytes then return v.bytes end
  return show(run, v, 0)
end

-- The value that a printing function prints: the struct behind a pointer.
local function printed(run, v)
  if values.is_value(v) and v.missing then return "<no value>" end
  local text = show(run, v, 0)
  if values.is_value(v) and v.kind == "ptr" and not v.text then text = sub(text, 2) end
  return text
end
format.printed = printed

-- Sprint: a space between operands when neither is a string.
function format.sprint(run, operands)
  local out, size = {}, 0
  for i, v in ipairs(operands) do
    local both = i > 1 and type(v) ~= "string" and type(operands[i - 1]) ~= "string"
    out[i] = (both and " " or "") .. show(run, v, 0)
    size = size + #out[i]
    run:fits(size)
  end
  return concat(out)
end

function format.sprintln(run, operands)
  local out, size = {}, 0
  for i, v in ipairs(operands) do
    out[i] = show(run, v, 0)
    size = size + #out[i] + 1
    run:fits(size)
  end
  return concat(out, " ") .. "\n"
end

-- Printf --------------------------------------------------------------------------------------------------------

local function pad(text, spec)
  local width = spec.width or 0
  local missing = width - (utf8.len(text) or #text)
  if missing <= 0 then return text end
  if spec.minus then return text .. rep(" ", missing) end
  if not (spec.zero and spec.numeric) then return rep(" ", missing) .. text end
  local sign, digits = string.match(text, "^([+-]?)(.*)$")
  return sign .. rep("0", missing) .. digits
end

local function signed(text, spec)
  if sub(text, 1, 1) == "-" then return text end
  return (spec.plus and "+" or spec.space and " " or "") .. text
end

local RADIX = { b = 2, o = 8, O = 8, d = 10, x = 16, X = 16 }
local PREFIX = { b = "0b", o = "0", x = "0x", X = "0X" }

local function radix(n, spec)
  local base, digits = RADIX[spec.verb], ""
  local negative = n < 0
  repeat
    local digit = math.abs(math.fmod(n, base))
    digits = sub("0123456789abcdef", digit + 1, digit + 1) .. digits
    n = negative and -(-n // base) or n // base
  until n == 0
  if spec.precision and #digits < spec.precision then digits = rep("0", spec.precision - #digits) .. digits end
  if spec.verb == "X" then digits = string.upper(digits) end
  local prefix = spec.verb == "O" and "0o" or spec.sharp and PREFIX[spec.verb] or ""
  return signed((negative and "-" or "") .. prefix .. digits, spec)
end

local function integer_verb(n, spec)
  local verb = spec.verb
  if verb == "v" then spec.verb = "d" end
  if RADIX[spec.verb] then
    spec.numeric = not spec.precision
    return radix(n, spec)
  end
  if verb == "c" then return utf8.char(n) end
  if verb == "q" then
    local quoted = string.gsub(sub(format.quote(utf8.char(n)), 2, -2), '\\"', '"')
    return "'" .. (quoted == "'" and "\\'" or quoted) .. "'"
  end
  if verb == "U" then return string.format("U+%04X", n) end
  return nil
end

local function float_verb(float, spec)
  local verb = spec.verb == "v" and "g" or spec.verb == "F" and "f" or spec.verb
  if not string.find(verb, "^[eEfgG]$") then return nil end
  spec.numeric = true
  local odd = special(float)
  if odd then return signed(odd, spec) end
  if spec.precision or verb == "f" or verb == "e" or verb == "E" then
    return signed(string.format("%." .. (spec.precision or 6) .. verb, float), spec)
  end
  local text = format.float(float)
  return signed(verb == "G" and string.upper(text) or text, spec)
end

local function hex(text, verb)
  local form = verb == "x" and "%02x" or "%02X"
  return (string.gsub(text, ".", function(c) return string.format(form, string.byte(c)) end))
end

local function string_verb(text, spec)
  if spec.precision and spec.verb ~= "x" and spec.verb ~= "X" then
    local stop = utf8.offset(text, spec.precision + 1)
    text = stop and sub(text, 1, stop - 1) or text
  end
  if spec.verb == "v" or spec.verb == "s" then return text end
  if spec.verb == "q" then return format.quote(text) end
  if spec.verb == "x" or spec.verb == "X" then return hex(text, spec.verb) end
  return nil
end

local verb_text

local function list_verb(run, v, spec)
  local out = {}
  local items, n = values.items(v)
  for i = 1, n do
    local inner = {}
    for key, value in pairs(spec) do inner[key] = value end
    out[i] = verb_text(run, items[i], inner)
  end
  spec.width = nil
  return "[" .. concat(out, " ") .. "]"
end

-- The parts of a map or struct, each under the same verb.
local function parts_verb(run, v, spec)
  local out = {}
  local width = spec.width
  local function part(item)
    local inner = {}
    for key, value in pairs(spec) do inner[key] = value end
    inner.width = width
    return verb_text(run, item, inner)
  end
  spec.width = nil
  if v.entries then
    for i, key in ipairs(values.sorted_keys(v.entries)) do out[i] = part(key) .. ":" .. part(v.entries[key]) end
    return "map[" .. concat(out, " ") .. "]"
  end
  for i, field in ipairs(v.fields) do out[i] = (spec.names and field.name .. ":" or "") .. part(field.value) end
  return "{" .. concat(out, " ") .. "}"
end

local function wrong_verb(run, v, spec)
  if values.is_nil(v) then return "%!" .. spec.verb .. "(<nil>)" end
  return string.format("%%!%s(%s=%s)", spec.verb, values.type(v), show(run, v, 0))
end

-- One operand under one verb, padded.
function verb_text(run, v, spec)
  local kind = values.kind(v)
  local text
  if kind == "invalid" and spec.verb == "v" then
    text = "<nil>"
  elseif kind == "string" then
    text = string_verb(v, spec)
  elseif kind ~= "invalid" and values.is_value(v) and v.bytes and string.find(spec.verb, "[sqxX]") then
    text = string_verb(v.bytes, spec)
  elseif values.is_value(v) and v.text and string.find(spec.verb, "[svqxX]") then
    text = string_verb(v.text, spec)
  elseif values.integer(v) then
    text = integer_verb(values.integer(v), spec)
  elseif kind == "float64" then
    text = float_verb(v, spec)
  elseif kind == "bool" then
    text = (spec.verb == "t" or spec.verb == "v") and tostring(v) or nil
  elseif values.items(v) then
    text = list_verb(run, v, spec)
  elseif spec.verb == "v" and not spec.names then
    text = show(run, v, 0)
  elseif v.entries or (v.fields and kind == "struct" and not v.opaque) then
    text = parts_verb(run, v, spec)
  elseif kind ~= "invalid" then
    problem.raise("%%%s of a %s is not spoken here", spec.verb, v.type)
  end
  return pad(text or wrong_verb(run, v, spec), spec)
end

local FLAGS = { ["+"] = "plus", ["-"] = "minus", ["#"] = "sharp", ["0"] = "zero", [" "] = "space" }

-- The parts of a verb that begins after the % at `at`; and where it ends.
local function read_verb(form, at)
  local spec = {}
  while FLAGS[sub(form, at, at)] do
    spec[FLAGS[sub(form, at, at)]] = true
    at = at + 1
  end
  local width, dot, precision, stop = string.match(form, "^(%d*)(%.?)(%d*)()", at)
  if string.find(form, "^[%*%[]", stop) then problem.raise("%%* and %%[n] are not spoken here") end
  spec.width = tonumber(width)
  if dot == "." then spec.precision = tonumber(precision) or 0 end
  if (spec.width or 0) > 100000 or (spec.precision or 0) > 90 and #precision > 0 then
    problem.raise("a width or precision of %s is too much", #precision > 0 and precision or width)
  end
  spec.verb = string.match(form, "^[%z\1-\x7F\xC2-\xF4][\x80-\xBF]*", stop) or ""
  return spec, stop + #spec.verb
end

local function extra(run, operands, used)
  local out = {}
  for i = used + 1, #operands do
    local v = operands[i]
    out[#out + 1] = values.is_nil(v) and "<nil>" or values.type(v) .. "=" .. show(run, v, 0)
  end
  return #out > 0 and "%!(EXTRA " .. concat(out, ", ") .. ")" or ""
end

local function one_verb(run, spec, operands, used)
  if spec.verb == "" then return "%!(NOVERB)", used end
  if spec.verb == "%" then return "%", used end
  used = used + 1
  local v = operands[used]
  if v == nil then return "%!" .. spec.verb .. "(MISSING)", used end
  if spec.verb == "T" then return pad(values.is_nil(v) and "<nil>" or values.type(v), spec), used end
  if spec.sharp and spec.verb == "v" then problem.raise("%%#v is not spoken here") end
  if spec.verb == "v" and spec.plus then spec.plus, spec.names = nil, true end
  return verb_text(run, v, spec), used
end

function format.sprintf(run, form, operands)
  local out, at, used, size = {}, 1, 0, 0
  while at <= #form do
    local from = string.find(form, "%", at, true)
    out[#out + 1] = sub(form, at, (from or #form + 1) - 1)
    if not from then break end
    local spec
    spec, at = read_verb(form, from + 1)
    out[#out + 1], used = one_verb(run, spec, operands, used)
    size = size + #out[#out] + #out[#out - 1]
    run:fits(size)
  end
  return concat(out) .. extra(run, operands, used)
end

return format

-- encoding/json: values to JSON as json.Marshal writes them, and JSON to the values json.Unmarshal makes.
local base64 = require "template_base64"
local format = require "template_format"
local problem = require "template_problem"
local unicode = require "template_unicode"
local values = require "template_values"

local json = {}

local sub, find, gsub, match, concat = string.sub, string.find, string.gsub, string.match, table.concat

-- Writing --------------------------------------------------------------------------------------------------------

local SHORT = { ['"'] = '\\"', ["\\"] = "\\\\", ["\n"] = "\\n", ["\r"] = "\\r", ["\t"] = "\\t" }

local function escape(c)
  return SHORT[c] or string.format("\\u%04x", string.byte(c))
end

-- `html` writes <, > and & as escapes, as json.Marshal does.
local function text_json(text, html)
  local special = html and '[%z\1-\x1F"\\<>&]' or '[%z\1-\x1F"\\]'
  if not find(text, "[\x80-\xFF]") then return '"' .. gsub(text, special, escape) .. '"' end
  local out = {}
  local codes, starts = unicode.codes(text)
  for i, code in ipairs(codes) do
    local raw = sub(text, starts[i], (starts[i + 1] or #text + 1) - 1)
    local hidden = code == 0xFFFD and #raw == 1 or code == 0x2028 or code == 0x2029
    out[i] = hidden and string.format("\\u%04x", code) or gsub(raw, special, escape)
  end
  return '"' .. concat(out) .. '"'
end

local function float_json(v)
  local size = math.abs(v)
  if v ~= v or size == math.huge then problem.raise("json: unsupported value: %s", format.float(v)) end
  if size == 0 or (size >= 1e-6 and size < 1e21) then return format.decimal(v) end
  return (gsub(format.shortest(v), "e%-0(%d)$", "e-%1"))
end

local write

-- Members or elements between their brackets; pretty ones each on a line of its own.
local function bracket(open, close, parts, style, level)
  if #parts == 0 then return open .. close end
  if not style.indent then return open .. concat(parts, ",") .. close end
  local inner = "\n" .. string.rep(style.indent, level + 1)
  return open .. inner .. concat(parts, "," .. inner) .. "\n" .. string.rep(style.indent, level) .. close
end

local function member(name, text, style)
  return text_json(name, style.html) .. (style.indent and ": " or ":") .. text
end

local function write_list(run, v, style, level)
  if v.absent then return "null" end
  local parts = {}
  for i = 1, v.n do parts[i] = write(run, v.items[i], style, level + 1) end
  return bracket("[", "]", parts, style, level)
end

local function write_map(run, v, style, level)
  local parts = {}
  for i, key in ipairs(values.sorted_keys(v.entries)) do
    parts[i] = member(key, write(run, v.entries[key], style, level + 1), style)
  end
  return bracket("{", "}", parts, style, level)
end

local function is_struct(v)
  return values.is_value(v) and v.fields ~= nil
end

local function write_struct(run, v, style, level)
  if v.opaque then problem.raise("%s has no JSON here", v.type) end
  local parts = {}
  for _, field in ipairs(v.fields) do
    local left_out = field.omit and not is_struct(field.value) and values.empty(field.value)
    if field.json and not left_out then
      parts[#parts + 1] = member(field.json, write(run, field.value, style, level + 1), style)
    end
  end
  return bracket("{", "}", parts, style, level)
end

local function write_value(run, v, style, level)
  if v.json then return write(run, v.json(v), style, level) end
  if v.value then return tostring(v.value) end
  if v.bytes then return '"' .. base64.encode(v.bytes) .. '"' end
  if v.text then return text_json(v.text, style.html) end
  if v.kind == "slice" then return write_list(run, v, style, level) end
  if v.kind == "map" then return write_map(run, v, style, level) end
  return write_struct(run, v, style, level)
end

function write(run, v, style, level)
  run:spend(1)
  run:nest(level)
  local kind = values.kind(v)
  if kind == "invalid" then return "null" end
  if kind == "string" then
    run:grow(6 * #v)
    return text_json(v, style.html)
  end
  if kind == "float64" then return float_json(v) end
  if not values.is_value(v) then return tostring(v) end
  return write_value(run, v, style, level)
end

-- `style` may have `indent` (two spaces, say) and `html` = false.
function json.encode(run, v, style)
  style = style or {}
  return write(run, v, { indent = style.indent, html = style.html ~= false }, 0)
end

-- Reading --------------------------------------------------------------------------------------------------------

local function wrong(at)
  problem.raise("invalid JSON at byte %d", at)
end

local UNESCAPE = { b = "\b", f = "\f", n = "\n", r = "\r", t = "\t", ['"'] = '"', ["\\"] = "\\", ["/"] = "/" }

local function code_at(text, at)
  local digits = match(text, "^\\u(%x%x%x%x)", at)
  return digits and tonumber(digits, 16)
end

local function read_escape(text, at)
  local simple = UNESCAPE[sub(text, at + 1, at + 1)]
  if simple then return simple, at + 2 end
  local code = code_at(text, at) or wrong(at)
  local low = code >= 0xD800 and code < 0xDC00 and code_at(text, at + 6)
  if low and low >= 0xDC00 and low < 0xE000 then
    return utf8.char(0x10000 + ((code - 0xD800) << 10) + (low - 0xDC00)), at + 12
  end
  if code >= 0xD800 and code < 0xE000 then code = 0xFFFD end
  return utf8.char(code), at + 6
end

local function read_string(text, at)
  local out, from = {}, at
  at = at + 1
  while true do
    local stop = find(text, '[%z\1-\x1F"\\]', at) or wrong(from)
    out[#out + 1] = sub(text, at, stop - 1)
    local c = sub(text, stop, stop)
    if c == '"' then return concat(out), stop + 1 end
    if c ~= "\\" then wrong(stop) end
    out[#out + 1], at = read_escape(text, stop)
  end
end

local function skip(text, at)
  return find(text, "[^ \t\r\n]", at) or #text + 1
end

local read

local function read_object(run, text, at, level)
  local entries = {}
  at = skip(text, at + 1)
  if sub(text, at, at) == "}" then return values.map(entries), at + 1 end
  while true do
    if sub(text, at, at) ~= '"' then wrong(at) end
    local key
    key, at = read_string(text, at)
    at = skip(text, at)
    if sub(text, at, at) ~= ":" then wrong(at) end
    entries[key], at = read(run, text, skip(text, at + 1), level + 1)
    at = skip(text, at)
    local c = sub(text, at, at)
    if c == "}" then return values.map(entries), at + 1 end
    if c ~= "," then wrong(at) end
    at = skip(text, at + 1)
  end
end

local function read_array(run, text, at, level)
  local items = {}
  at = skip(text, at + 1)
  if sub(text, at, at) == "]" then return values.list(items), at + 1 end
  while true do
    items[#items + 1], at = read(run, text, at, level + 1)
    at = skip(text, at)
    local c = sub(text, at, at)
    if c == "]" then return values.list(items), at + 1 end
    if c ~= "," then wrong(at) end
    at = skip(text, at + 1)
  end
end

local WORDS = { ["true"] = true, ["false"] = false, null = values.null }

function read(run, text, at, level)
  run:spend(1)
  run:nest(level)
  local c = sub(text, at, at)
  if c == "{" then return read_object(run, text, at, level) end
  if c == "[" then return read_array(run, text, at, level) end
  if c == '"' then return read_string(text, at) end
  local word = match(text, "^%a+", at)
  if word and WORDS[word] ~= nil then return WORDS[word], at + #word end
  local number = match(text, "^%-?%d+%.?%d*[eE]?[+-]?%d*", at)
  if not number or match(number, "^%-?0%d") or match(number, "%.$") or match(number, "%.[eE]") then wrong(at) end
  local float = tonumber(number .. (find(number, "[.eE]") and "" or ".0"))
  if not float or math.abs(float) == math.huge then wrong(at) end
  return float, at + #number
end

-- The value of a JSON text, or an error; numbers are float64.
function json.decode(run, text)
  local v, at = read(run, text, skip(text, 1), 0)
  at = skip(text, at)
  if at <= #text then wrong(at) end
  return v
end

return json

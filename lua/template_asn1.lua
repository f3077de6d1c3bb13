-- step's asn1Enc, asn1Marshal, asn1Seq and asn1Set: values to DER (in base64), as Go's encoding/asn1 writes them.
local base64 = require "template_base64"
local literal = require "template_literal"
local problem = require "template_problem"
local time = require "template_time"
local values = require "template_values"

local char, concat = string.char, table.concat

local TAGS = {
  boolean = 1, integer = 2, octets = 4, oid = 6, utf8 = 12, sequence = 16, set = 17, numeric = 18, printable = 19,
  ia5 = 22, utc = 23, generalized = 24,
}

-- Encoding --------------------------------------------------------------------------------------------------------

local function length_bytes(n)
  if n < 128 then return char(n) end
  local bytes = ""
  while n > 0 do
    bytes = char(n & 255) .. bytes
    n = n >> 8
  end
  return char(128 | #bytes) .. bytes
end

local function base128(n)
  local bytes = char(n & 127)
  n = n >> 7
  while n > 0 do
    bytes = char(128 | (n & 127)) .. bytes
    n = n >> 7
  end
  return bytes
end

local function tag_bytes(class, compound, tag)
  local first = class << 6 | (compound and 32 or 0)
  if tag < 31 then return char(first | tag) end
  return char(first | 31) .. base128(tag)
end

local function wrap(class, compound, tag, content)
  return tag_bytes(class, compound, tag) .. length_bytes(#content) .. content
end

-- Two's complement in as few bytes as hold it.
local function integer_content(n)
  local width = 1
  while width < 8 and (n < -(1 << (8 * width - 1)) or n >= 1 << (8 * width - 1)) do width = width + 1 end
  return string.pack(">i" .. width, n)
end

local function oid_content(text)
  local arcs = {}
  for arc in string.gmatch(text, "%d+") do arcs[#arcs + 1] = math.tointeger(tonumber(arc)) end
  local sound = #arcs >= 2 and concat(arcs, ".") == text and arcs[1] <= 2 and (arcs[1] == 2 or arcs[2] <= 39)
  if not sound then problem.raise("%s is not an ASN1 object identifier", text) end
  local out = { base128(arcs[1] * 40 + arcs[2]) }
  for i = 3, #arcs do out[#out + 1] = base128(arcs[i]) end
  return concat(out)
end

-- PrintableString has no * and &, but an explicit wish for it admits the former.
local function printable(text, asterisk)
  return not string.find(text, asterisk and "[^%w '()+,./:=?*-]" or "[^%w '()+,./:=?-]")
end

local CHECKS = {
  utf8 = function(text) return utf8.len(text) end,
  ia5 = function(text) return not string.find(text, "[\x80-\xFF]") end,
  numeric = function(text) return not string.find(text, "[^%d ]") end,
  printable = function(text) return printable(text, true) end,
}

-- The tag and content of a time; beyond 1950 to 2049 a UTCTime that is asked for becomes a GeneralizedTime.
local function time_content(t, kind)
  local year = time.parts(t).year
  local short = kind ~= "generalized" and year >= 1950 and year <= 2049
  return short and TAGS.utc or TAGS.generalized, time.format(t, (short and "06" or "2006") .. "0102150405Z0700")
end

-- Parameters: Go's field tags, "utf8,explicit,tag:1" ---------------------------------------------------------------

local NUMBERED = { tag = true, default = true }
local WORDS = {
  optional = true, explicit = true, set = true, application = true, private = true, omitempty = true,
  utf8 = "text", ia5 = "text", numeric = "text", printable = "text", utc = "time", generalized = "time",
}

local function read_params(text)
  local params = {}
  for word in string.gmatch(text, "[^,]+") do
    local name, number = string.match(word, "^(%a+):(%-?%d+)$")
    if NUMBERED[name] then
      params[name] = math.tointeger(tonumber(number))
    elseif WORDS[word] == true then
      params[word] = true
    elseif WORDS[word] then
      params[WORDS[word]] = word
    end
  end
  if (params.explicit or params.application or params.private) and not params.tag then params.tag = 0 end
  return params
end

-- class, compound, tag and content under the parameters' own tag, explicit or implicit.
local function tagged(params, compound, tag, content)
  if not params.tag then return wrap(0, compound, tag, content) end
  local class = params.application and 1 or params.private and 3 or 2
  if not params.explicit then return wrap(class, compound, params.tag, content) end
  return wrap(class, true, params.tag, wrap(0, compound, tag, content))
end

-- Values ---------------------------------------------------------------------------------------------------------

local marshal

local function marshal_text(v, params)
  local kind = params.text or (printable(v, false) and "printable" or "utf8")
  if not CHECKS[kind](v) then problem.raise("asn1: structure error: invalid %s string", kind) end
  return tagged(params, false, TAGS[kind], v)
end

local function marshal_time(v, params)
  return tagged(params, false, time_content(v.time, params.time))
end

local function marshal_list(run, v, params, level)
  local parts = {}
  for i = 1, v.n do parts[i] = marshal(run, v.items[i], {}, level + 1) end
  if params.set then table.sort(parts) end
  local content = concat(parts)
  run:grow(#content)
  return tagged(params, true, params.set and TAGS.set or TAGS.sequence, content)
end

local function is_default(v, params)
  if not params.optional then return false end
  local n = values.integer(v)
  if params.default then return n == params.default end
  if values.is_value(v) and v.kind == "slice" then return v.absent == true end
  return not values.truth(v)
end

function marshal(run, v, params, level)
  run:spend(1)
  run:nest(level)
  if values.is_nil(v) then problem.raise("asn1: structure error: nil has no ASN.1 type") end
  local is_list = values.is_value(v) and v.kind == "slice"
  if is_default(v, params) or (params.omitempty and is_list and values.length(v) == 0) then return "" end
  local is_time = values.is_value(v) and v.time
  if params.time and not is_time then problem.raise("asn1: structure error: explicit time type given to non-time") end
  if params.text and type(v) ~= "string" then
    problem.raise("asn1: structure error: explicit string type given to non-string")
  end
  if type(v) == "string" then return marshal_text(v, params) end
  if type(v) == "boolean" then return tagged(params, false, TAGS.boolean, v and "\xFF" or "\0") end
  if is_time then return marshal_time(v, params) end
  local n = values.integer(v)
  if n then return tagged(params, false, TAGS.integer, integer_content(n)) end
  if values.is_value(v) and v.bytes then return tagged(params, false, TAGS.octets, v.bytes) end
  if values.is_value(v) and v.items then return marshal_list(run, v, params, level) end
  return problem.raise("asn1: structure error: unknown Go type: %s", values.type(v))
end

-- Texts with a type: "int:5", "utf8:x" ------------------------------------------------------------------------------

local BOOLS = { ["1"] = true, t = true, T = true, ["true"] = true, TRUE = true, True = true }
local FALSE = { ["0"] = true, f = true, F = true, ["false"] = true, FALSE = true, False = true }

local TYPED = {}

function TYPED.int(text, params)
  local number = string.match(text, "^[+-]?%d+$") and literal.number((string.gsub(text, "^([+-]?)0+(%d)", "%1%2")))
  if not number then problem.raise("invalid int value: %q", text) end
  return tagged(params, false, TAGS.integer, integer_content(number.int))
end

function TYPED.oid(text, params)
  return tagged(params, false, TAGS.oid, oid_content(text))
end

function TYPED.raw(text)
  return base64.decode(text) or problem.raise("illegal base64 data in %q", text)
end

function TYPED.bool(text, params)
  if not BOOLS[text] and not FALSE[text] then problem.raise("invalid bool value: %q", text) end
  return tagged(params, false, TAGS.boolean, BOOLS[text] and "\xFF" or "\0")
end
TYPED.boolean = TYPED.bool

local function typed_text(kind)
  return function(text, params)
    if not CHECKS[kind](text) then problem.raise("invalid %s value", kind) end
    return tagged(params, false, TAGS[kind], text)
  end
end

for kind in pairs(CHECKS) do TYPED[kind] = typed_text(kind) end

local function typed_time(kind)
  return function(text, params)
    local t = time.parse(time.STRING, text) or time.parse(time.LAYOUTS.RFC3339, text)
    if not t then problem.raise("invalid %s value: %q", kind, text) end
    return tagged(params, false, time_content(t, kind))
  end
end

TYPED.utc, TYPED.generalized = typed_time "utc", typed_time "generalized"

-- Functions ------------------------------------------------------------------------------------------------------

local function encode(text)
  local words, value = string.match(text, "^([^:]*):(.*)$")
  words, value = words or "printable", value or text
  local kind = "printable"
  for word in string.gmatch(words, "[^,]+") do
    if TYPED[word] then kind = word end
  end
  local params = read_params(words)
  return base64.encode(TYPED[kind](value, params))
end

local function asn1_marshal(run, v, ...)
  return base64.encode(marshal(run, v, read_params(concat({ ... }, ",")), 0))
end

-- Parts that are DER already, in the order given: DER would have a SET sorted, step leaves that to the author.
local function constructed(tag)
  return function(run, ...)
    local parts = {}
    for i, text in ipairs { ... } do
      parts[i] = base64.decode(text) or problem.raise("illegal base64 data in %q", text)
    end
    local content = concat(parts)
    run:grow(#content * 2)
    return base64.encode(wrap(0, true, tag, content))
  end
end

return {
  asn1Enc = { "string -> string", encode },
  asn1Marshal = { "run any string... -> string", asn1_marshal },
  asn1Seq = { "run string... -> string", constructed(TAGS.sequence) },
  asn1Set = { "run string... -> string", constructed(TAGS.set) },
}

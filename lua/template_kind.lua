-- sprig's defaults, reflection and encodings: what a value is, what stands in for it, what it is as JSON or base64.
local base64 = require "template_base64"
local json = require "template_json"
local problem = require "template_problem"
local values = require "template_values"

local function default(stand_in, ...)
  local given = (...)
  if given == nil or values.empty(given) then return stand_in end
  return given
end

local function coalesce(...)
  for _, v in ipairs { ... } do
    if values.truth(v) then return v end
  end
  for _, v in ipairs { ... } do
    if values.is_value(v) and v.missing then return v end -- it remembers what is not set
  end
  return nil
end

local function all(...)
  for _, v in ipairs { ... } do
    if values.empty(v) then return false end
  end
  return true
end

local function any(...)
  for _, v in ipairs { ... } do
    if values.truth(v) then return true end
  end
  return false
end

local function type_of(v)
  return values.type(v)
end

local function kind_of(v)
  return values.kind(v)
end

local function type_is_like(target, v)
  local own = values.type(v)
  return target == own or "*" .. target == own
end

local function to_pretty_json(run, v)
  return json.encode(run, v, { indent = "  " })
end

local function to_raw_json(run, v)
  return json.encode(run, v, { html = false })
end

-- fromJson forgives in Go and gives nil; that is worth a finding.
local function from_json(run, text)
  local done, v = pcall(json.decode, run, text)
  if done then return v end
  if not problem.is(v) or run.steps > run.limit then error(v, 0) end
  run:find("bad_json", run.at, "fromJson: " .. v.message .. ", which step takes as nil")
  return nil
end

-- sprig's decoders give the error's text where the input is none; that is worth a finding too.
local function decoder(name, decode, kind)
  return function(run, text)
    local bytes, at = decode(text)
    if bytes then return bytes end
    local message = string.format("illegal %s data at input byte %d", kind, at)
    run:find("bad_encoding", run.at, name .. ": " .. message .. ", and step goes on with that message as the text")
    return message
  end
end

local function adler32(text)
  local a, b = 1, 0
  for i = 1, #text do
    a = (a + string.byte(text, i)) % 65521
    b = (b + a) % 65521
  end
  return tostring(b << 16 | a)
end

return {
  default = { "any any... -> any", default, tolerant = true },
  empty = { "any -> bool", values.empty, tolerant = true },
  coalesce = { "any... -> any", coalesce, tolerant = true },
  all = { "any... -> bool", all, tolerant = true },
  any = { "any... -> bool", any, tolerant = true },
  ternary = { "any any bool -> any", function(yes, no, v) if v then return yes end return no end, tolerant = true },

  typeOf = { "any -> string", type_of, tolerant = true },
  typeIs = { "string any -> bool", function(target, v) return target == type_of(v) end, tolerant = true },
  typeIsLike = { "string any -> bool", type_is_like, tolerant = true },
  kindOf = { "any -> string", kind_of, tolerant = true },
  kindIs = { "string any -> bool", function(target, v) return target == kind_of(v) end, tolerant = true },

  toJson = { "run any -> string", json.encode },
  mustToJson = { "run any -> string", json.encode },
  toPrettyJson = { "run any -> string", to_pretty_json },
  mustToPrettyJson = { "run any -> string", to_pretty_json },
  toRawJson = { "run any -> string", to_raw_json },
  mustToRawJson = { "run any -> string", to_raw_json },
  fromJson = { "run string -> any", from_json },
  mustFromJson = { "run string -> any", json.decode },

  b64enc = { "string -> string", base64.encode },
  b64dec = { "run string -> string", decoder("b64dec", base64.decode, "base64") },
  b32enc = { "string -> string", base64.encode32 },
  b32dec = { "run string -> string", decoder("b32dec", base64.decode32, "base32") },
  adler32sum = { "string -> string", adler32 },
}

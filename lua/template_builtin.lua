-- text/template's own functions: comparison, logic, index, slice, len, printing and escaping.
local format = require "template_format"
local problem = require "template_problem"
local unicode = require "template_unicode"
local values = require "template_values"

local gsub, sub = string.gsub, string.sub

-- Comparison ----------------------------------------------------------------------------------------------------

-- Go compares within these kinds only; 1 and 1.0 are of different kinds.
local function basic_kind(v)
  if values.integer(v) then return "int" end
  local kind = values.kind(v)
  if kind == "string" or kind == "float64" or kind == "bool" then return kind end
  return problem.raise("invalid type for comparison")
end

local function plain(v)
  return values.integer(v) or v
end

local function equal(first, ...)
  if select("#", ...) == 0 then problem.raise("missing argument for comparison") end
  local nothing = values.is_nil(first)
  local kind = not nothing and basic_kind(first)
  for i = 1, select("#", ...) do
    local other = (select(i, ...))
    if nothing or values.is_nil(other) then
      if nothing and values.is_nil(other) then return true end
    else
      if basic_kind(other) ~= kind then problem.raise("incompatible types for comparison") end
      if plain(first) == plain(other) then return true end
    end
  end
  return false
end

local function less(a, b)
  local kind = basic_kind(a)
  if kind ~= basic_kind(b) then problem.raise("incompatible types for comparison") end
  if kind == "bool" then problem.raise("invalid type for comparison") end
  return plain(a) < plain(b)
end

local function less_or_equal(a, b)
  return less(a, b) or equal(a, b)
end

-- Parts ---------------------------------------------------------------------------------------------------------

local function length(run, v)
  if values.is_nil(v) then problem.raise("len of nil pointer") end
  local n = values.length(v) or problem.raise("len of type %s", values.type(v))
  if values.kind(v) == "map" then run:spend(n) end
  return n
end

local function position(index, limit)
  local n = values.integer(index)
  if not n then problem.raise("cannot index slice/array with type %s", values.type(index)) end
  if n < 0 or n >= limit then problem.raise("index out of range: %d", n) end
  return n + 1
end

local function element(v, index)
  if values.is_nil(v) then problem.raise("index of untyped nil") end
  if type(v) == "string" then
    return values.scalar("uint8", "uint8", string.byte(v, position(index, #v)))
  end
  local items, n = values.items(v)
  if items then return items[position(index, n)] end
  if not values.is_value(v) or not v.entries then problem.raise("can't index item of type %s", values.type(v)) end
  if type(index) ~= "string" then problem.raise("value has type %s; should be string", values.type(index)) end
  if v.entries[index] ~= nil then return v.entries[index] end
  if v.type == "map[string]string" then return "" end
  return values.missing(string.format("index %q", index))
end

local function index(v, ...)
  if values.is_nil(v) then problem.raise("index of untyped nil") end
  for i = 1, select("#", ...) do v = element(v, (select(i, ...))) end
  return v
end

-- Escaping ------------------------------------------------------------------------------------------------------

local HTML = { ['"'] = "&#34;", ["'"] = "&#39;", ["&"] = "&amp;", ["<"] = "&lt;", [">"] = "&gt;", ["\0"] = "\u{FFFD}" }

local JS = {
  ["\\"] = "\\\\", ["'"] = "\\'", ['"'] = '\\"', ["<"] = "\\u003C", [">"] = "\\u003E", ["&"] = "\\u0026",
  ["="] = "\\u003D",
}

local function js_escape(text)
  local out = {}
  local codes, starts = unicode.codes(text)
  for i, code in ipairs(codes) do
    local raw = sub(text, starts[i], (starts[i + 1] or #text + 1) - 1)
    out[i] = JS[raw] or (unicode.is_print(code) and raw) or string.format("\\u%04X", code)
  end
  return table.concat(out)
end

local function query_escape(text)
  local escaped = gsub(text, "[^%w_.~ -]", function(c) return string.format("%%%02X", string.byte(c)) end)
  return (gsub(escaped, " ", "+"))
end

-- The arguments as one text, as print would write it.
local function joined(run, ...)
  local operands = { ... }
  for i, v in ipairs(operands) do
    if values.is_nil(v) then operands[i] = "<no value>" end
  end
  return format.sprint(run, operands)
end

return {
  eq = { "any any... -> bool", equal, tolerant = true },
  ne = { "any any -> bool", function(a, b) return not equal(a, b) end, tolerant = true },
  lt = { "any any -> bool", less },
  le = { "any any -> bool", less_or_equal },
  gt = { "any any -> bool", function(a, b) return not less_or_equal(a, b) end },
  ge = { "any any -> bool", function(a, b) return not less(a, b) end },

  -- Executed by the walk, which evaluates their arguments one by one.
  ["and"] = { "any any... -> any", tolerant = true, lazy = true },
  ["or"] = { "any any... -> any", tolerant = true, lazy = true },
  ["not"] = { "any -> bool", function(v) return not values.truth(v) end, tolerant = true },

  len = { "run any -> int", length },
  index = { "any any... -> any", index },

  print = { "run any... -> string", function(run, ...) return format.sprint(run, { ... }) end },
  println = { "run any... -> string", function(run, ...) return format.sprintln(run, { ... }) end },
  printf = { "run string any... -> string", function(run, form, ...) return format.sprintf(run, form, { ... }) end },

  html = { "run any... -> string", function(run, ...) return (gsub(joined(run, ...), "[\"'&<>%z]", HTML)) end },
  js = { "run any... -> string", function(run, ...) return js_escape(joined(run, ...)) end },
  urlquery = { "run any... -> string", function(run, ...) return query_escape(joined(run, ...)) end },
}

-- Go's values, as a template sees them.
--
-- Strings, booleans, integers (Go's int) and floats (float64) are Lua's own. Everything else is a table made
-- here, with `kind` and `type` as Go's reflection names them:
--   scalar   kind int64, uint8, ...   value [, text]     a number of a type other than int and float64
--   text     any kind                 text               a value that prints itself (net.IP, *url.URL)
--   list     kind slice               items, n [, json]  n elements, of which items[i] may be values.null
--   bytes    kind slice               bytes              []byte
--   map      kind map                 entries            string keys
--   struct   kind struct or ptr       fields, index      ordered fields {name, value, json, omit}
local problem = require "template_problem"

local values = {}

local Value = { __name = "template value" }

local function make(value)
  return setmetatable(value, Value)
end

-- The nil that data can hold. Go's "<no value>" (nothing is there) is a `missing`.
values.null = make { kind = "invalid", type = "<nil>" }

-- Nothing is there: `path` is what was asked for, at byte `at` of the template; both absent for a plain nil.
function values.missing(path, at, hint)
  return make { kind = "invalid", type = "<nil>", missing = true, path = path, at = at, hint = hint }
end

function values.is_value(v)
  return getmetatable(v) == Value
end

local NATIVE = { string = "string", boolean = "bool" }

function values.kind(v)
  if type(v) == "number" then return math.type(v) == "integer" and "int" or "float64" end
  if values.is_value(v) then return v.kind end
  return NATIVE[type(v)] or problem.raise("a Lua %s is not a template value", type(v))
end

function values.type(v)
  if values.is_value(v) then return v.type end
  return values.kind(v)
end

function values.is_nil(v)
  return values.is_value(v) and v.kind == "invalid"
end

function values.scalar(go_type, kind, value, text)
  return make { kind = kind, type = go_type, value = value, text = text }
end

function values.int64(n)
  return values.scalar("int64", "int64", n)
end

-- `extra` may have json, methods, and whatever else goes with the value.
function values.text(go_type, kind, text, extra)
  local value = make { kind = kind, type = go_type, text = text }
  for k, v in pairs(extra or {}) do value[k] = v end
  return value
end

-- A slice of `n` items (default: all of them). `go_type` defaults to []interface {}; `json` overrides its JSON.
function values.list(items, go_type, n, json)
  return make { kind = "slice", type = go_type or "[]interface {}", items = items, n = n or #items, json = json }
end

-- A nil slice: empty, but null in JSON.
function values.nil_list(go_type, json)
  return make { kind = "slice", type = go_type, items = {}, n = 0, absent = true, json = json }
end

function values.strings(items, go_type)
  return values.list(items, go_type or "[]string")
end

function values.bytes(text)
  return make { kind = "slice", type = "[]uint8", bytes = text }
end

function values.map(entries, go_type)
  return make { kind = "map", type = go_type or "map[string]interface {}", entries = entries }
end

local function set_fields(value, fields)
  value.fields, value.index = {}, {}
  for i, field in ipairs(fields) do
    local entry = { name = field[1], value = field[2], json = field.json, omit = field.omit }
    if entry.json == nil then entry.json = entry.name end
    value.fields[i], value.index[entry.name] = entry, entry
  end
  return make(value)
end

-- values.struct{ {"Field", value, json = "name" or false, omit = true}, ..., type = "pkg.Name" }.
-- `json = false` leaves the field out of JSON, `omit` is Go's omitempty.
function values.struct(fields)
  local kind, go_type = fields.kind or "struct", fields.type or "struct"
  return set_fields({ kind = kind, type = go_type, methods = fields.methods }, fields)
end

-- An opaque value of a named type, such as *rsa.PublicKey; `fields` as in values.struct, may be absent.
function values.typed(go_type, fields)
  fields = fields or {}
  local kind = fields.kind or (string.sub(go_type, 1, 1) == "*" and "ptr") or "struct"
  return set_fields({ kind = kind, type = go_type, methods = fields.methods, opaque = true }, fields)
end

-- The items of a slice as a Lua array and a count; nil for anything else. A []byte has uint8 items.
function values.items(v)
  if not values.is_value(v) or v.kind ~= "slice" then return nil end
  if v.items then return v.items, v.n end
  if not v.bytes then return nil end
  local items = {}
  for i = 1, #v.bytes do items[i] = values.scalar("uint8", "uint8", string.byte(v.bytes, i)) end
  return items, #v.bytes
end

-- Go's len: nil where there is none.
function values.length(v)
  if type(v) == "string" then return #v end
  if not values.is_value(v) then return nil end
  if v.bytes then return #v.bytes end
  if v.items then return v.n end
  if v.kind == "slice" and v.text then return v.length or #v.text end
  if v.kind ~= "map" then return nil end
  local n = 0
  for _ in pairs(v.entries) do n = n + 1 end
  return n
end

local ZERO = { string = "", bool = false, int = 0, float64 = 0.0 }

-- Is it true, as text/template's `if` says? (Structs always are.)
function values.truth(v)
  local zero = ZERO[values.kind(v)]
  if zero ~= nil then return v ~= zero end
  if v.kind == "invalid" then return false end
  if v.entries then return next(v.entries) ~= nil end
  local n = values.length(v)
  if n then return n > 0 end
  if type(v.value) == "number" then return v.value ~= 0 end
  return true
end

-- Is it empty, as sprig's `default` says? The same but for its name: a nil is empty, a struct never is.
function values.empty(v)
  return not values.truth(v)
end

-- The Lua number of an integer of any type, nil for anything else.
function values.integer(v)
  if math.type(v) == "integer" then return v end
  if values.is_value(v) and math.type(v.value) == "integer" then return v.value end
  return nil
end

function values.sorted_keys(entries)
  local keys = {}
  for key in pairs(entries) do keys[#keys + 1] = key end
  table.sort(keys)
  return keys
end

-- What came out of a JSON decoder (objects and arrays as Lua tables) as Go's interface{} values. Numbers are float64,
-- as encoding/json makes them. `is_array` says which tables are arrays; the default is: those with a [1].
function values.from_lua(v, is_array)
  if v == nil then return values.null end
  if type(v) == "number" then return v + 0.0 end
  if type(v) ~= "table" or values.is_value(v) then return v end
  local array = v[1] ~= nil
  if is_array then array = is_array(v) end
  local made = {}
  if array then
    for i, item in ipairs(v) do made[i] = values.from_lua(item, is_array) end
    return values.list(made)
  end
  for key, item in pairs(v) do made[key] = values.from_lua(item, is_array) end
  return values.map(made)
end

return values

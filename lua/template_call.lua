-- Functions and methods as templates call them: Go's rules for the number and the types of arguments.
--
-- A function is declared as { "run int string -> string", fn }: parameter types, "..." after the last if it takes
-- any number, and the type of the result. `run` (first) is not a parameter: the rendering is handed to fn.
--   any string int int64 float64 bool dict time list     as parameters, by exact type as in Go
--   int64                                                as a result wraps the Lua integer that fn returns
-- `tolerant` functions are made to ask whether something is there: a missing value is no finding in their arguments.
local problem = require "template_problem"
local values = require "template_values"

local call = {}

local function exact(go_type)
  return function(v) return values.type(v) == go_type end
end

local ACCEPTS = {
  any = function() return true end,
  string = exact "string",
  int = exact "int",
  int64 = exact "int64",
  float64 = exact "float64",
  bool = exact "bool",
  time = exact "time.Time",
  list = exact "[]interface {}",
  -- A named map type with the same underlying type is assignable too.
  dict = function(v) return values.is_value(v) and v.kind == "map" and v.type ~= "map[string]string" end,
}

local GO_NAMES = { dict = "map[string]interface {}", time = "time.Time", list = "[]interface {}" }
local NILABLE = { any = true, dict = true, list = true }
local NIL_OF = {
  dict = function() return values.map {} end,
  list = function() return values.nil_list "[]interface {}" end,
}

function call.type_name(param)
  return GO_NAMES[param] or param
end

-- What a literal should have been.
function call.expected(param)
  return ({ int = "integer", int64 = "integer", float64 = "float" })[param] or call.type_name(param)
end

-- { "signature", fn, tolerant =, lazy = } as { name, params, variadic, result, fn, run, tolerant, lazy }.
function call.declare(name, declaration)
  local signature, result = string.match(declaration[1], "^(.-)%s*%->%s*(%S+)$")
  local entry = { name = name, params = {}, result = result, fn = declaration[2] }
  entry.tolerant, entry.lazy = declaration.tolerant, declaration.lazy
  for word in string.gmatch(signature, "%S+") do
    local param, dots = string.match(word, "^(%w+)(%.*)$")
    if param == "run" then
      entry.run = true
    else
      assert(ACCEPTS[param], name)
      entry.params[#entry.params + 1] = param
      entry.variadic = dots == "..."
    end
  end
  return entry
end

-- The type of the n-th argument.
function call.param(entry, n)
  local last = #entry.params
  return entry.params[(entry.variadic and n > last) and last or n]
end

function call.check_count(entry, given)
  local want = #entry.params
  if entry.variadic then
    if given >= want - 1 then return end
    problem.raise("wrong number of args for %s: want at least %d got %d", entry.name, want - 1, given)
  end
  if given ~= want then problem.raise("wrong number of args for %s: want %d got %d", entry.name, want, given) end
end

-- The value as an argument of a type; what Go would refuse is an error here too.
function call.check(v, param)
  if values.is_nil(v) then
    if not NILABLE[param] then problem.raise("invalid value; expected %s", call.type_name(param)) end
    return NIL_OF[param] and NIL_OF[param]() or v
  end
  if not ACCEPTS[param](v) then
    problem.raise("wrong type for value; expected %s; got %s", call.type_name(param), values.type(v))
  end
  return v
end

-- A literal number as an argument: it takes the type that is asked for, where it can.
function call.number(node, param)
  if param == "any" then
    if node.int and not node.written_as_float then return node.int end
    return node.float
  end
  if param == "float64" then return node.float end
  if param == "int" and node.int then return node.int end
  if param == "int64" and node.int then return values.int64(node.int) end
  return problem.raise("expected %s; found %s", call.expected(param), node.text)
end

function call.apply(run, entry, arguments)
  run.calling = entry.name
  for _, v in ipairs(arguments) do
    if type(v) == "string" then run:spend(#v // 64) end
  end
  local result
  if entry.run then
    result = entry.fn(run, table.unpack(arguments, 1, #arguments))
  else
    result = entry.fn(table.unpack(arguments, 1, #arguments))
  end
  if type(result) == "string" then run:grow(#result) end
  run.calling = nil
  if entry.result == "int64" then return values.int64(result) end
  if result == nil then return values.missing() end
  return result
end

return call

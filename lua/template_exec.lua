-- The walk over a parsed template, as Go's text/template executes it.
local call = require "template_call"
local format = require "template_format"
local nearest = require "nearest"
local problem = require "template_problem"
local values = require "template_values"

local exec = {}

local NONE = {} -- no value comes down the pipeline

local eval_pipeline, eval_operand, walk

local function at(state, node)
  state.run.at = node.at
end

-- Variables: a stack; leaving a block drops what it declared. ---------------------------------------------------

local function push(state, name, value)
  state.names[#state.names + 1] = name
  state.values[#state.names] = value
end

local function pop(state, mark)
  for i = #state.names, mark + 1, -1 do state.names[i], state.values[i] = nil, nil end
end

local function position(state, name)
  for i = #state.names, 1, -1 do
    if state.names[i] == name then return i end
  end
  return problem.raise("undefined variable: %s", name)
end

-- Fields --------------------------------------------------------------------------------------------------------

local function call_method(state, receiver, method, arguments, final)
  local bound = {}
  for i, v in ipairs(arguments) do bound[i] = v end
  if final ~= NONE then bound[#bound + 1] = final end
  call.check_count(method, #bound)
  for i, v in ipairs(bound) do bound[i] = call.check(v, call.param(method, i)) end
  local entry = { name = method.name, run = method.run, result = method.result }
  entry.fn = method.run and function(run, ...) return method.fn(run, receiver, ...) end
    or function(...) return method.fn(receiver, ...) end
  return call.apply(state.run, entry, bound)
end

local LONGEST = 64 -- bytes of a name that may be a slip of the finger; one of two letters may be anything

-- `; did you mean "CommonName"?` of the names in a table; "" when none is near.
local function hint(name, named)
  local near = #name > 2 and #name <= LONGEST and nearest.word(name, values.sorted_keys(named))
  return near and ('; did you mean "%s"?'):format(near) or ""
end

-- A map's entry may be absent: that is no error, but remembered, so that printing it can be found.
local function map_entry(receiver, name, path, node)
  local v = receiver.entries[name]
  if v == nil then
    node.hint = node.hint or hint(name, receiver.entries)
    return values.missing(path, node.at, node.hint)
  end
  return v
end

local function field(state, receiver, name, path, node, arguments, final)
  if values.is_value(receiver) and receiver.missing then
    return values.missing(receiver.path or path, node.at, receiver.hint)
  end
  if values.is_nil(receiver) then problem.raise("nil pointer evaluating interface {}.%s", name) end
  local method = values.is_value(receiver) and receiver.methods and receiver.methods[name]
  if method then return call_method(state, receiver, method, arguments, final) end
  local has_arguments = #arguments > 0 or final ~= NONE
  if values.is_value(receiver) and receiver.index and receiver.index[name] then
    if has_arguments then problem.raise("%s has arguments but cannot be invoked as function", name) end
    return receiver.index[name].value
  end
  if values.is_value(receiver) and receiver.entries then
    if has_arguments then problem.raise("%s is not a method but has arguments", name) end
    return map_entry(receiver, name, path, node)
  end
  local named = values.is_value(receiver) and receiver.index or {}
  return problem.raise("can't evaluate field %s in type %s%s", name, values.type(receiver), hint(name, named))
end

local function field_chain(state, receiver, node, prefix, arguments, final)
  local path = prefix
  for i, name in ipairs(node.names) do
    path = path .. "." .. name
    local last = i == #node.names
    state.run:spend(1)
    at(state, node)
    receiver = field(state, receiver, name, path, node, last and arguments or {}, last and final or NONE)
  end
  return receiver
end

-- Calls ---------------------------------------------------------------------------------------------------------

-- A missing value in an argument prints as null or <no value>, or makes a function do something else, silently.
local function notice(state, v, node)
  if not (values.is_value(v) and v.missing and v.path) then return end
  state.run:find("unset_variable", v.at or node.at, v.path .. " is not set" .. (v.hint or ""))
end

local function eval_argument(state, dot, node, param)
  if node.kind == "nil" then
    if param ~= "any" and param ~= "dict" and param ~= "list" then
      problem.raise("cannot assign nil to %s", call.type_name(param))
    end
    return call.check(values.missing(), param)
  end
  if node.kind == "number" then
    at(state, node)
    return call.number(node, param)
  end
  local literal = node.kind == "bool" or node.kind == "string"
  if literal and param ~= "any" and param ~= node.kind then
    problem.raise("expected %s; found %s", call.expected(param), node.text or tostring(node.value))
  end
  local v = eval_operand(state, dot, node, { node }, NONE)
  at(state, node)
  return call.check(v, param)
end

-- `and` and `or` stop at the first argument that decides.
local function short_circuit(state, dot, entry, operands, final)
  local v
  for i = 2, #operands do
    v = eval_argument(state, dot, operands[i], "any")
    if values.truth(v) == (entry.name == "or") then return v end
  end
  if final ~= NONE then v = final end
  return v
end

local function eval_call(state, dot, node, operands, final)
  local entry = state.functions[node.name]
  at(state, node)
  state.run:spend(1)
  call.check_count(entry, #operands - 1 + (final ~= NONE and 1 or 0))
  if entry.lazy then return short_circuit(state, dot, entry, operands, final) end
  local arguments = {}
  for i = 2, #operands do
    arguments[i - 1] = eval_argument(state, dot, operands[i], call.param(entry, i - 1))
    if not entry.tolerant then notice(state, arguments[i - 1], operands[i]) end
  end
  at(state, node)
  if final ~= NONE then
    if not entry.tolerant then notice(state, final, node) end
    arguments[#arguments + 1] = call.check(final, call.param(entry, #arguments + 1))
  end
  return call.apply(state.run, entry, arguments)
end

-- Operands ------------------------------------------------------------------------------------------------------

local function no_arguments(operands, final, what)
  if #operands > 1 or final ~= NONE then problem.raise("can't give argument to non-function %s", what) end
end

local function method_arguments(state, dot, operands)
  local arguments = {}
  for i = 2, #operands do arguments[i - 1] = eval_argument(state, dot, operands[i], "any") end
  return arguments
end

local OPERANDS = {}

function OPERANDS.field(state, dot, node, operands, final)
  return field_chain(state, dot, node, "", method_arguments(state, dot, operands), final)
end

function OPERANDS.variable(state, dot, node, operands, final)
  at(state, node)
  local v = state.values[position(state, node.name)]
  if #node.names == 0 then
    no_arguments(operands, final, node.name)
    return v
  end
  local prefix = node.name == "$" and "" or node.name
  return field_chain(state, v, node, prefix, method_arguments(state, dot, operands), final)
end

function OPERANDS.chain(state, dot, node, operands, final)
  at(state, node)
  if node.node.kind == "nil" then problem.raise("indirection through explicit nil") end
  local receiver = eval_operand(state, dot, node.node, { node.node }, NONE)
  return field_chain(state, receiver, node, "(...)", method_arguments(state, dot, operands), final)
end

function OPERANDS.call(state, dot, node, operands, final)
  return eval_call(state, dot, node, operands, final)
end

function OPERANDS.pipe(state, dot, node, operands, final)
  no_arguments(operands, final, "(...)")
  return eval_pipeline(state, dot, node)
end

function OPERANDS.dot(_, dot, _, operands, final)
  no_arguments(operands, final, ".")
  return dot
end

OPERANDS["nil"] = function()
  return problem.raise("nil is not a command")
end

function OPERANDS.number(_, _, node, operands, final)
  no_arguments(operands, final, node.text)
  return call.number(node, "any")
end

function OPERANDS.string(_, _, node, operands, final)
  no_arguments(operands, final, node.text)
  return node.value
end

function OPERANDS.bool(_, _, node, operands, final)
  no_arguments(operands, final, tostring(node.value))
  return node.value
end

function eval_operand(state, dot, node, operands, final)
  at(state, node)
  return OPERANDS[node.kind](state, dot, node, operands, final)
end

function eval_pipeline(state, dot, pipe)
  local v = NONE
  for _, command in ipairs(pipe.commands) do
    state.run:spend(1)
    v = eval_operand(state, dot, command.operands[1], command.operands, v)
    if v == values.null then v = values.missing() end
  end
  for _, name in ipairs(pipe.variables) do
    if pipe.assigns then state.values[position(state, name)] = v else push(state, name, v) end
  end
  return v
end

-- Actions -------------------------------------------------------------------------------------------------------

local function write(state, text)
  local run = state.run
  run.written = (run.written or 0) + #text
  run:fits(run.written)
  run:spend(#text // 64)
  run.out[#run.out + 1] = text
end

local function print_value(state, v, node)
  at(state, node)
  notice(state, v, node)
  if values.is_value(v) and v.missing and not v.path then
    state.run:find("no_value", node.at, "prints <no value>")
  end
  write(state, format.printed(state.run, v))
end

local function walk_list(state, dot, list)
  for _, node in ipairs(list) do
    local jump = walk(state, dot, node)
    if jump then return jump end
  end
  return nil
end

local WALKS = {}

function WALKS.text(state, _, node)
  write(state, node.text)
end

function WALKS.action(state, dot, node)
  local v = eval_pipeline(state, dot, node.pipe)
  if #node.pipe.variables == 0 then print_value(state, v, node) end
end

local function branch(binds)
  return function(state, dot, node)
    local mark, jump = #state.names, nil
    local v = eval_pipeline(state, dot, node.pipe)
    if values.truth(v) then
      jump = walk_list(state, binds and v or dot, node.list)
    elseif node.otherwise then
      jump = walk_list(state, dot, node.otherwise)
    end
    pop(state, mark)
    return jump
  end
end

WALKS["if"], WALKS.with = branch(false), branch(true)

-- What a range goes over: a function that gives the n-th key and element, and how many there are.
local function elements(run, v)
  local items, n = values.items(v)
  if items then
    return function(i) return i - 1, items[i] end, n
  end
  if values.is_value(v) and v.entries then
    local keys = values.sorted_keys(v.entries)
    run:spend(#keys)
    return function(i) return keys[i], v.entries[keys[i]] end, #keys
  end
  if values.integer(v) then
    return function(i) return i - 1, i - 1 end, math.max(values.integer(v), 0)
  end
  if values.is_nil(v) then return nil, 0 end
  return problem.raise("range can't iterate over a value of type %s", values.type(v))
end

function WALKS.range(state, dot, node)
  local outer = #state.names
  local element, n = elements(state.run, eval_pipeline(state, dot, node.pipe))
  local declared, mark = #node.pipe.variables, #state.names
  for i = 1, n do
    state.run:spend(1)
    local key, item = element(i)
    if declared > 0 then state.values[position(state, node.pipe.variables[declared])] = item end
    if declared > 1 then state.values[position(state, node.pipe.variables[1])] = key end
    local jump = walk_list(state, item, node.list)
    pop(state, mark)
    if jump == "break" then break end
  end
  local jump
  if n == 0 and node.otherwise then jump = walk_list(state, dot, node.otherwise) end
  pop(state, outer)
  return jump
end

WALKS["break"] = function()
  return "break"
end

WALKS["continue"] = function()
  return "continue"
end

function WALKS.template(state, dot, node)
  local list = state.templates[node.name]
  if not list then problem.raise("template %q not defined", node.name) end
  local v = node.pipe and eval_pipeline(state, dot, node.pipe) or values.missing()
  at(state, node)
  state.run:nest(state.level + 1)
  local inner = {
    run = state.run, templates = state.templates, functions = state.functions, level = state.level + 1,
    names = { "$" }, values = { v },
  }
  walk_list(inner, v, list)
end

function walk(state, dot, node)
  at(state, node)
  state.run:spend(1)
  return WALKS[node.kind](state, dot, node)
end

-- Render the named template of a set; raises problems without a place, `run.at` says where.
function exec.render(run, templates, functions, name, data)
  run.out = {}
  local state = {
    run = run, templates = templates, functions = functions, level = 0, names = { "$" }, values = { data },
  }
  walk_list(state, data, templates[name])
  return table.concat(run.out)
end

return exec

-- sprig's functions on lists. Lists are made anew, never changed. The "must" forms differ in Go only in who
-- reports the error; both are errors here.
local problem = require "template_problem"
local values = require "template_values"

-- reflect.DeepEqual: the same types and the same parts.
local function deep_equal(run, a, b, level)
  run:spend(1)
  run:nest(level)
  if values.is_nil(a) or values.is_nil(b) then return values.is_nil(a) and values.is_nil(b) end
  if values.type(a) ~= values.type(b) then return false end
  if not values.is_value(a) then return a == b end
  if a.value or a.text or a.bytes then return a.value == b.value and a.text == b.text and a.bytes == b.bytes end
  if a.items then
    if a.n ~= b.n or a.absent ~= b.absent then return false end
    for i = 1, a.n do
      if not deep_equal(run, a.items[i], b.items[i], level + 1) then return false end
    end
    return true
  end
  if a.fields then
    for i, field in ipairs(a.fields) do
      if not deep_equal(run, field.value, b.fields[i].value, level + 1) then return false end
    end
    return true
  end
  for key, v in pairs(a.entries) do
    if b.entries[key] == nil or not deep_equal(run, v, b.entries[key], level + 1) then return false end
  end
  return values.length(a) == values.length(b)
end

local function items_of(run, v, doing)
  local items, n
  if not values.is_nil(v) then items, n = values.items(v) end
  if not items then problem.raise("Cannot %s on type %s", doing, values.is_nil(v) and "nil" or values.kind(v)) end
  run:spend(n)
  return items, n
end

local function part(items, from, to)
  return values.list(table.move(items, from, to, 1, {}), nil, math.max(to - from + 1, 0))
end

local function contains(run, items, n, v)
  for i = 1, n do
    if deep_equal(run, items[i], v, 0) then return true end
  end
  return false
end

local function filter(items, n, keeps)
  local kept = {}
  for i = 1, n do
    if keeps(items[i]) then kept[#kept + 1] = items[i] end
  end
  return values.list(kept)
end

local function first(run, v)
  local items, n = items_of(run, v, "find first")
  return n > 0 and items[1] or nil
end

local function last(run, v)
  local items, n = items_of(run, v, "find last")
  return n > 0 and items[n] or nil
end

local function rest(run, v)
  local items, n = items_of(run, v, "find rest")
  if n == 0 then return values.nil_list "[]interface {}" end
  return part(items, 2, n)
end

local function initial(run, v)
  local items, n = items_of(run, v, "find initial")
  if n == 0 then return values.nil_list "[]interface {}" end
  return part(items, 1, n - 1)
end

local function append(run, v, item)
  local items, n = items_of(run, v, "push")
  local longer = part(items, 1, n)
  longer.n = n + 1
  longer.items[n + 1] = item
  return longer
end

local function prepend(run, v, item)
  local items, n = items_of(run, v, "prepend")
  return values.list(table.move(items, 1, n, 2, { item }), nil, n + 1)
end

local function reverse(run, v)
  local items, n = items_of(run, v, "find reverse")
  local turned = {}
  for i = 1, n do turned[n + 1 - i] = items[i] end
  return values.list(turned, nil, n)
end

local function compact(run, v)
  local items, n = items_of(run, v, "compact")
  return filter(items, n, values.truth)
end

local function uniq(run, v)
  local items, n = items_of(run, v, "find uniq")
  local kept = {}
  for i = 1, n do
    if not contains(run, kept, #kept, items[i]) then kept[#kept + 1] = items[i] end
  end
  return values.list(kept)
end

local function without(run, v, ...)
  local items, n = items_of(run, v, "find without")
  local omitted = { ... }
  return filter(items, n, function(item) return not contains(run, omitted, #omitted, item) end)
end

local function has(run, needle, v)
  if values.is_nil(v) then return false end
  local items, n = items_of(run, v, "find has")
  return contains(run, items, n, needle)
end

local function index(v, default)
  if v == nil then return default end
  return values.integer(v) or problem.raise("cannot slice with an index of type %s", values.type(v))
end

-- A slice keeps its type, as Go's own does.
local function slice(run, v, from, to, more)
  if more then problem.raise("too many slice indexes: %d", 3) end
  local items, n = items_of(run, v, "slice")
  if n == 0 then return nil end
  from, to = index(from, 0), index(to, n)
  if from < 0 or to > n or from > to then problem.raise("slice bounds out of range [%d:%d]", from, to) end
  local sliced = part(items, from + 1, to)
  sliced.type = v.type
  return sliced
end

local function concatenate(run, ...)
  local all, count = {}, 0
  for _, v in ipairs { ... } do
    local items, n = items_of(run, v, "concat")
    table.move(items, 1, n, count + 1, all)
    count = count + n
  end
  return values.list(all, nil, count)
end

local function chunk(run, size, v)
  local items, n = items_of(run, v, "chunk")
  if size < 1 then problem.raise("cannot chunk into pieces of %d", size) end
  local pieces = {}
  for from = 1, n, size do pieces[#pieces + 1] = part(items, from, math.min(from + size - 1, n)) end
  return values.list(pieces, "[][]interface {}")
end

local function list(...)
  return values.list({ ... }, nil, select("#", ...))
end

local functions = {
  list = { "any... -> any", list },
  tuple = { "any... -> any", list },
  concat = { "run any... -> any", concatenate },
  deepEqual = { "run any any -> bool", function(run, a, b) return deep_equal(run, a, b, 0) end },
}

local BOTH = {
  first = { "run any -> any", first }, last = { "run any -> any", last },
  rest = { "run any -> any", rest }, initial = { "run any -> any", initial },
  append = { "run any any -> any", append }, push = { "run any any -> any", append },
  prepend = { "run any any -> any", prepend }, reverse = { "run any -> any", reverse },
  compact = { "run any -> any", compact }, uniq = { "run any -> any", uniq },
  without = { "run any any... -> any", without }, has = { "run any any -> bool", has },
  slice = { "run any any... -> any", slice }, chunk = { "run int any -> any", chunk },
}

for name, declaration in pairs(BOTH) do
  functions[name] = declaration
  functions["must" .. string.upper(string.sub(name, 1, 1)) .. string.sub(name, 2)] = declaration
end

return functions

-- sprig's functions on dicts. Where Go's order is random (keys, values), it is sorted here.
local format = require "template_format"
local problem = require "template_problem"
local values = require "template_values"

local function dict(run, ...)
  local entries = {}
  local count = select("#", ...)
  for i = 1, count, 2 do
    local key, v = select(i, ...)
    if i == count then v = "" end
    entries[format.string(run, key)] = v
  end
  return values.map(entries)
end

local function get(map, key)
  local v = map.entries[key]
  if v == nil then return "" end
  return v
end

local function set(map, key, v)
  map.entries[key] = v
  return map
end

local function unset(map, key)
  map.entries[key] = nil
  return map
end

local function pluck(key, ...)
  local found = {}
  for _, map in ipairs { ... } do
    if map.entries[key] ~= nil then found[#found + 1] = map.entries[key] end
  end
  return values.list(found)
end

local function keys(run, ...)
  local all = {}
  for _, map in ipairs { ... } do
    for _, key in ipairs(values.sorted_keys(map.entries)) do all[#all + 1] = key end
  end
  run:spend(#all)
  return values.strings(all)
end

local function values_of(run, map)
  local all = {}
  for i, key in ipairs(values.sorted_keys(map.entries)) do all[i] = map.entries[key] end
  run:spend(#all)
  return values.list(all)
end

local function pick(map, ...)
  local entries = {}
  for _, key in ipairs { ... } do entries[key] = map.entries[key] end
  return values.map(entries)
end

local function omit(run, map, ...)
  local entries = {}
  run:spend(values.length(map))
  for key, v in pairs(map.entries) do entries[key] = v end
  for _, key in ipairs { ... } do entries[key] = nil end
  return values.map(entries)
end

local function copy(run, v, level)
  run:spend(1)
  run:nest(level)
  if not values.is_value(v) then return v end
  local made = {}
  if v.entries then
    for key, item in pairs(v.entries) do made[key] = copy(run, item, level + 1) end
    return values.map(made, v.type)
  end
  if not v.items then return v end
  for i = 1, v.n do made[i] = copy(run, v.items[i], level + 1) end
  return values.list(made, v.type, v.n, v.json)
end

local function is_dict(v)
  return values.is_value(v) and v.entries ~= nil
end

-- mergo.Merge: what the target lacks or has empty comes from the source; `overwrite` gives the source the say.
local function merge_into(run, target, source, overwrite, level)
  run:nest(level)
  for key, v in pairs(source.entries) do
    run:spend(1)
    local own = target.entries[key]
    if own ~= nil and is_dict(own) and is_dict(v) then
      merge_into(run, own, v, overwrite, level + 1)
    elseif own == nil or values.empty(own) or (overwrite and not values.empty(v)) then
      target.entries[key] = v
    end
  end
end

local function merge(overwrite)
  return function(run, target, ...)
    for _, source in ipairs { ... } do merge_into(run, target, source, overwrite, 0) end
    return target
  end
end

-- dig "a" "b" default dict: through nested dicts, the default where one lacks the key.
local function dig(...)
  local operands = { ... }
  local map, default = operands[#operands], operands[#operands - 1]
  if #operands < 3 then problem.raise("dig needs at least three arguments") end
  for i = 1, #operands - 2 do
    local key = operands[i]
    if type(key) ~= "string" then problem.raise("dig: %s is no key", values.type(key)) end
    if not is_dict(map) then problem.raise("dig: %s is no dict", values.type(map)) end
    if map.entries[key] == nil then return default end
    map = map.entries[key]
  end
  return map
end

return {
  dict = { "run any... -> any", dict },
  get = { "dict string -> any", get, tolerant = true },
  set = { "dict string any -> any", set },
  unset = { "dict string -> any", unset },
  hasKey = { "dict string -> bool", function(map, key) return map.entries[key] ~= nil end, tolerant = true },
  pluck = { "string dict... -> any", pluck },
  keys = { "run dict... -> any", keys },
  values = { "run dict -> any", values_of },
  pick = { "dict string... -> any", pick },
  omit = { "run dict string... -> any", omit },
  merge = { "run dict dict... -> any", merge(false) },
  mustMerge = { "run dict dict... -> any", merge(false) },
  mergeOverwrite = { "run dict dict... -> any", merge(true) },
  mustMergeOverwrite = { "run dict dict... -> any", merge(true) },
  deepCopy = { "run any -> any", function(run, v) return copy(run, v, 0) end },
  mustDeepCopy = { "run any -> any", function(run, v) return copy(run, v, 0) end },
  dig = { "any... -> any", dig },
}

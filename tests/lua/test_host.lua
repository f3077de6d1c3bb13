--- lua/host*.d.lua says what the module "host" has: no function, method or type more, and none less; and each with a
--- sentence and its parameters.

local host = require "host"
local tap = require "tap"

local function paths(pattern)
  local listing <close> = assert(io.popen("ls " .. pattern))
  local list = {}
  for path in listing:lines() do list[#list + 1] = path end
  return list
end

local function all(pattern)
  local texts = {}
  for index, path in ipairs(paths(pattern)) do texts[index] = tap.read(path) end
  return table.concat(texts, "\n")
end

--- What lua/api*.c register: {["host.key.parse"] = true, ["Key:kind"] = true, ...}, and the types {Key = true}.
local function registered()
  local source, tables, names, types = all "lua/api*.c", {}, {}, {}
  for name, body in source:gmatch "luaL_Reg ([%w_]+)%[%] = {(.-)};" do
    tables[name] = {}
    for entry in body:gmatch '{"([%w_]+)",' do table.insert(tables[name], entry) end
  end
  for module, list in source:gmatch 'api_module%(L, "([%w_]+)", ([%w_]+)%)' do
    for _, name in ipairs(tables[list]) do names[("host.%s.%s"):format(module, name)] = true end
  end
  for name, value in tap.read("lua/api_types.h"):gmatch 'define (API_%w+) "verger%.(%w+)"' do
    local class = value:gsub("^%l", string.upper)
    types[class] = true
    local list = assert(source:match("api_type%(L, " .. name .. ", ([%w_]+)"), name .. " is not registered")
    for _, method in ipairs(tables[list]) do names[class .. ":" .. method] = true end
  end
  return names, types
end

--- What the documentation has: {["host.key.parse"] = {comment, parameters}}, and the classes.
local function documented()
  local names, classes, comment = {}, {}, {}
  for line in all("lua/host*.d.lua"):gmatch "([^\n]*)\n" do
    local name, parameters = line:match "^function ([%w_.:]+)%((.-)%) end$"
    if name then
      assert(not names[name], name .. " stands there twice")
      names[name] = { comment = comment, parameters = parameters }
    elseif line:find "^function" then
      error("not understood: " .. line)
    end
    local class = line:match "^%-%-%-@class host%.(%w+)"
    if class then classes[class] = true end
    comment = line:find "^%-%-%-" and table.move({ line }, 1, 1, #comment + 1, comment) or {}
  end
  return names, classes
end

--- What the running state has, where it can be seen: modules and functions, and the methods of what can be made here.
local function present()
  local names = {}
  for module, functions in pairs(host) do
    if type(functions) == "function" then names["host." .. module] = true end
    for name in pairs(type(functions) == "table" and functions or {}) do
      names[("host.%s.%s"):format(module, name)] = true
    end
  end
  for method in pairs(getmetatable(host.key.generate "P-256").__index) do names["Key:" .. method] = true end
  return names
end

local function missing(from, within)
  local list = {}
  for name in pairs(from) do
    if not within[name] then list[#list + 1] = name end
  end
  table.sort(list)
  return table.concat(list, " ")
end

local docs, classes = documented()
local tables, types = registered()

tap.test("every registered function and method is documented, and no other", function()
  tables["host.versions"] = true
  tap.equal(missing(tables, docs), "", "not documented")
  tap.equal(missing(docs, tables), "", "not registered")
end)

tap.test("every type is documented", function() tap.equal(missing(types, classes), "", "not documented") end)

tap.test("the running state has what is documented, and nothing else", function()
  local here, seen = present(), {}
  for name in pairs(docs) do
    if name:find "^host%." or name:find "^Key:" then seen[name] = true end
  end
  tap.equal(missing(here, seen), "", "not documented")
  tap.equal(missing(seen, here), "", "not there")
  tap.equal(type(host.pins), "string")
end)

tap.test("every function has a sentence, and a type for each of its parameters in order", function()
  for name, doc in pairs(docs) do
    assert(doc.comment[1] and doc.comment[1]:find "^%-%-%- %u", name .. " has no sentence")
    local given = {}
    for _, line in ipairs(doc.comment) do
      local parameter, kind = line:match "^%-%-%-@param (%w[%w_]*) (%S+)"
      if parameter then given[#given + 1] = parameter end
      assert(not line:find "^%-%-%-@param" or kind, name .. ": " .. line)
    end
    tap.equal(table.concat(given, ", "), doc.parameters, name)
  end
end)

tap.test("every class that a type names is documented", function()
  for class in all("lua/host*.d.lua"):gmatch "[%s|]host%.(%u%w+)" do
    assert(classes[class], "host." .. class .. " is not documented")
  end
end)

tap.done()

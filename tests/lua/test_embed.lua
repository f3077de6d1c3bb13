--- lua/embed.c: the program carries every module of lua/ and the pins, as they are in the tree.

local host = require "host"
local tap = require "tap"

tap.test("every module is inside, and loads", function()
  local listing <close> = assert(io.popen("ls lua/*.lua"))
  local seen = 0
  for path in listing:lines() do
    local name = path:match "^lua/([a-z0-9_]+)%.lua$"
    if name then
      seen = seen + 1
      assert(package.preload[name], name .. " is not inside")
      -- describe is for the other kind of state, in which a script runs (lua/sandbox.c).
      if name ~= "describe" then
        local module = require(name)
        assert(type(module) == "table" or type(module) == "function", name)
      end
    end
  end
  assert(seen > 10, "only " .. seen .. " modules were found")
end)

tap.test("the pins are vendor/pins", function() tap.equal(host.pins, tap.read "vendor/pins") end)

tap.test("a module that is not inside is not found elsewhere", function()
  tap.raises("not found", require, "no_such_module")
end)

tap.done()

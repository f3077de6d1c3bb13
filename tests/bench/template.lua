-- How many times a second the procedure's template is rendered, compiled once: suite tests/bench/template.lua
package.path = "lua/?.lua;" .. package.path
local template = require "template"

local function read(path)
  local file <close> = assert(io.open(path))
  return file:read "a"
end

local compiled = template.compile(read "lua/ceremonies/rsa_intermediate_ca.tpl", "rsa_intermediate_ca.tpl")
local tree = template.data {
  subject = "Example Intermediate CA",
}
local count, start, out = 20000, os.clock(), nil
for _ = 1, count do
  out = compiled:render(tree)
end
assert(#out > 100)
print(string.format("%.0f", count / (os.clock() - start)))

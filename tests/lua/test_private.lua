--- A private key's file comes to Lua in a box that only host.key opens.

local host = require "host"
local scratch = require "scratch"
local tap = require "tap"

local function key_file(mode)
  local path = scratch.write("root.key", tap.read "tests/golden/root/root-p384.key")
  assert(os.execute(("chmod %s '%s'"):format(mode, path)))
  return path
end

local function password()
  local path = scratch.write("pw", tap.read "tests/golden/pw/root.txt")
  assert(os.execute(("chmod 600 '%s'"):format(path)))
  return host.file.read_private(path)
end

tap.test("a key is the same from its file's box and from its text", function()
  local path, secret = key_file "600", password()
  local box = host.file.read_private(path)
  tap.equal(type(box), "userdata")
  tap.equal(host.key.is_encrypted(box), host.key.is_encrypted(tap.read(path)))
  tap.equal(host.key.parse(box, secret, path):spki(), host.key.parse(tap.read(path), secret, path):spki())
end)

tap.test("what is in the box does not come out", function()
  local path = key_file "600"
  local box = host.file.read_private(path)
  assert(not tostring(box):find "KEY")
  tap.raises("attempt to concatenate", function() return box .. "" end)
  tap.raises("string expected", host.certificate.read, box, "x")
  tap.equal(host.digest.hex(box), host.digest.hex(tap.read(path)))
end)

tap.test("a file that others may read or write is refused, and so is a link", function()
  for _, mode in ipairs { "644", "640", "602", "755" } do
    tap.raises("lets others at this private key", host.file.read_private, key_file(mode))
  end
  local link = scratch.folder .. "/link"
  assert(os.execute(("ln -s '%s' '%s'"):format(key_file "600", link)))
  tap.raises("symbolic link", host.file.read_private, link)
end)

tap.test("neither a text nor such a box is an argument error", function()
  tap.raises("string expected", host.key.parse, {}, nil, "x")
  tap.raises("string expected", host.key.is_encrypted, host.key.generate "P-256")
end)

tap.done()

--- Where the tree of step-ca has its files, as its ca.json says.

local host = require "host"

local places = {}

local FOLDERS = { { "root", "root", "certs" }, { "certificate", "crt", "certs" }, { "key", "key", "secrets" } }

--- {home, root, certificate, key} of a ca.json (a text): `home` is the folder with which its paths begin, the others
--- are paths from there. nil, and why, where one of them is not a file where `step ca init` puts it.
function places.of(text)
  local found = {}
  for _, one in ipairs(FOLDERS) do
    local name, member, folder = table.unpack(one)
    local given = host.config.get(text, member)
    local home, place = (type(given) == "string" and given or ""):match("^(/.+)/(" .. folder .. "/[^/]+)$")
    if not home or found.home and found.home ~= home then
      return nil, ('"%s" of config/ca.json is %s, and not one file in %s/ of the tree'):format(member,
        given == nil and "absent" or host.json.encode(given), folder)
    end
    found.home, found[name] = home, place
  end
  return found
end

--- The same of a scene's authority as it is now.
function places.now(scene)
  local found, why = places.of(scene:config())
  return found or scene:stop("%s", why)
end

return places

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

--- Whether the authority of a scene's station was there before the ceremony.
function places.adopted(scene)
  for word in scene:words "adopt" do
    if word.station == scene.walk.station then return true end
  end
  return false
end

--- What comes beside the files in use is called after them, -2 behind the name, or the next number that is free: what
--- is in use stays as it is until ca.json names the other.
local CERTIFICATE, KEY = "certs/intermediate_ca-%d.crt", "secrets/intermediate_ca_key-%d"

local function is_free(scene, number)
  return not host.file.exists(scene.authority .. "/" .. CERTIFICATE:format(number))
    and not host.file.exists(scene.authority .. "/" .. KEY:format(number))
end

local function next_free(scene)
  local number = 2
  while not is_free(scene, number) do number = number + 1 end
  return number
end

--- Where a new key comes to lie.
function places.new_key(scene) return KEY:format(next_free(scene)) end

--- Where the certificate of a key comes to lie: it has the number of the key, where that is new too.
function places.new_certificate(scene, key)
  local number = key:match "^secrets/intermediate_ca_key%-(%d+)$"
  local place = number and CERTIFICATE:format(math.tointeger(number))
  if place and not host.file.exists(scene.authority .. "/" .. place) then return place end
  return CERTIFICATE:format(next_free(scene))
end

return places

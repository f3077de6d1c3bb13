--- The keys that lie in a station's own tree, opened with the password that they share there.

local host = require "host"
local places = require "places"

local keyring = { SECRET = "authority" } -- its name in --password-file

local QUESTION = "Password for the authority's keys"

--- Open the key at a place of the tree.
function keyring.open(scene, place)
  local path = scene.authority .. "/" .. place
  local pem = host.file.read_private(path)
  return scene:try_password(keyring.SECRET, QUESTION, function(secret) return host.key.parse(pem, secret, path) end,
    host.key.is_encrypted(pem))
end

--- The key of an artefact of this station: the one that a page tells of, and no other that lies in its place by now.
function keyring.artefact(scene, name)
  local artefact = scene:artefact(name)
  local key = keyring.open(scene, artefact.place)
  if key:spki() ~= artefact.spki_sha256 then
    local found = key:spki()
    key:close()
    scene:stop("%s/%s holds another key (public key %s) than the %s (%s); put back the one that was there",
      scene.authority, artefact.place, found, name, artefact.spki_sha256)
  end
  return key
end

--- The password of the authority's key, proved by opening it; nil when it is not encrypted.
function keyring.secret(scene, place)
  keyring.open(scene, place or places.now(scene).key):close()
  return scene.walk.secrets[keyring.SECRET]
end

return keyring

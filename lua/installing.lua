--- How a certificate becomes the one that step-ca uses: in a tree that the ceremony made, in its place; in one that was
--- there before, beside the one in use, so that ca.json, one file, is all that turns from the old to the new.

local host = require "host"
local places = require "places"

local installing = {}

local CERTIFICATE, KEY = "certs/intermediate_ca.crt", "secrets/intermediate_ca_key"
local BUNDLE = "certs/intermediate_ca-bundle.crt"

installing.FIRST = CERTIFICATE

--- The newest key of this station that a certificate is for; `place` where only one can be.
local function key_of(word, scene, facts, place)
  local key = place and scene:key_at(place) or not place and scene:key_with(facts.spki_sha256)
  if not key or key.spki_sha256 ~= facts.spki_sha256 then
    scene:stop("the %s is for another key than %s", word.name, place and place .. ", made in this ceremony"
      or "those of this authority")
  end
  if not host.file.exists(scene.authority .. "/" .. key.place) then
    scene:stop("%s/%s is gone, and the %s is of no use without it; put it back from where it was taken",
      scene.authority, key.place, word.name)
  end
  return key
end

local function output(word, scene, facts, place, key)
  scene:output({ name = "installed " .. word.name, kind = "certificate", place = place, key_place = key,
    member = scene:member(place), certificate_sha256 = facts.sha256, spki_sha256 = facts.spki_sha256 },
    scene.page:pending(place))
end

--- In a tree that this ceremony made.
function installing.first(word, scene, artefact, facts)
  key_of(word, scene, facts, KEY)
  scene:new_file(CERTIFICATE, artefact.content, 384)
  output(word, scene, facts, CERTIFICATE, nil)
end

--- A request for the key in use is under the name in use: found out before it is carried to the root.
function installing.check_request(word, scene, facts)
  local used = scene.record:output "intermediate certificate"
  if not used or not used.adopted or used.spki_sha256 ~= facts.spki_sha256 then return end
  local subject = host.certificate.read(scene:artefact(used.name).content, used.name).subject
  if subject ~= facts.subject then
    scene:stop("the %s is for the key in use and another name (%s, and not %s): nothing that was given out would "
      .. "verify under it; ask for the same subject", word.name, facts.subject, subject)
  end
end

--- What was given out under the old one verifies under the new one, if that has the same key: then it must have the
--- same name and key identifier (RFC 5280 6.1.3, 4.2.1.1).
local function same_issuer(word, scene, old, new)
  if old.spki_sha256 ~= new.spki_sha256 then return end
  if old.subject ~= new.subject then
    scene:stop("the %s has the key of the one in use and another name (%s, and not %s): nothing that was given out "
      .. "would verify under it; ask for the same subject", word.name, new.subject, old.subject)
  elseif old.ski ~= new.ski then
    scene:stop("the %s has the key of the one in use and another subject key identifier: nothing that was given out "
      .. "would verify under it; take the identifier out of the template", word.name)
  end
end

--- Whether this ceremony revokes the certificate that was taken over.
local function is_revoked(scene)
  for word in scene:words "publish" do
    for _, one in ipairs(word.options.revoke or {}) do
      if one.certificate == "intermediate certificate" then return true end
    end
  end
  return false
end

--- The files of it: the certificate, both in one file for those who must know both, and ca.json. A revoked one is
--- handed out no more.
function installing.lay(scene, artefact, place, key)
  local now, text = places.now(scene), scene:config()
  local old = is_revoked(scene) and "" or scene:file(now.certificate)
  scene:new_file(place, artefact.content, 384)
  scene.page:file(BUNDLE, artefact.content .. old, 420)
  text = host.config.set(text, "crt", now.home .. "/" .. place)
  if key ~= now.key then text = host.config.set(text, "key", now.home .. "/" .. key) end
  scene:set_config(text)
end

--- In a tree that was there before.
function installing.beside(word, scene, artefact, facts)
  local now = places.now(scene)
  local old = host.certificate.read(scene:file(now.certificate), now.certificate)
  if old.sha256 == facts.sha256 then scene:stop("the %s is in use already", word.name) end
  same_issuer(word, scene, old, facts)
  local key = key_of(word, scene, facts)
  local place = places.new_certificate(scene, key.place)
  installing.lay(scene, artefact, place, key.place)
  output(word, scene, facts, place, key.place)
  scene:say("The one in use until now, %s, ends %s and stays as %s.", old.subject, old.not_after, now.certificate)
  if is_revoked(scene) then
    scene:say("It is revoked: what it gave out is to be given out anew.")
  elseif old.spki_sha256 == facts.spki_sha256 then
    scene:say("Both have one name and one key: what the old one gave out verifies under either. Both are in %s.",
      BUNDLE)
  else
    scene:say("What the old one gave out verifies under the old one alone. Both are in %s.", BUNDLE)
  end
end

return installing

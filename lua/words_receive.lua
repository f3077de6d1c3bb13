--- Words that bring something from the media onto the record, and put it nowhere else: receive_certificate,
--- receive_request. Whether it is the right one, a compare says.

local host = require "host"
local lints = require "lints"
local options = require "options"

local receive = {}

local function brings(word) return { { kind = "file", what = word.options.from, why = "the " .. word.name } } end

local function sentence(word)
  return ("Receive the %s, from %s on the media."):format(word.name, word.options.from)
end

receive.receive_certificate = {
  name = options.text,
  makes = "certificate",
  options = { from = { kind = options.media, required = true } },
  sentence = sentence,
  brings = brings,
  notes = function(word) return { { label = ("Fingerprint of the %s"):format(word.name), digest = true } } end,
  deed = function(word, scene)
    local from = word.options.from
    local raw = scene:media(from)
    local pem = host.certificate.normal(raw, from)
    local facts = host.certificate.read(pem, from)
    if facts.subject == facts.issuer and not host.certificate.signed_itself(pem) then
      scene:stop("%s: its signature does not verify under its own key; the file is damaged or forged", from)
    end
    scene:refuse_purged(facts.spki_sha256, from)
    scene:refuse_rehearsed(facts.subject, from)
    scene:say("%s: %s, issued by %s, %s, valid %s to %s.", word.name, facts.subject, facts.issuer, facts.key,
      facts.not_before, facts.not_after)
    scene:say("Its fingerprint (SHA-256):")
    scene:say_digest(facts.sha256)
    scene:input { name = from, kind = "media", content = raw }
    scene:output({ name = word.name, kind = "certificate", received = true,
      member = scene:evidence(scene.slug(word.name) .. ".crt", pem), certificate_sha256 = facts.sha256,
      spki_sha256 = facts.spki_sha256 }, pem)
  end,
}

receive.receive_request = {
  name = options.text,
  makes = "request",
  lints = true,
  options = { from = { kind = options.media, required = true } },
  sentence = sentence,
  brings = brings,
  notes = function(word) return { { label = ("SHA-256 of the %s"):format(word.name), digest = true } } end,
  deed = function(word, scene)
    local from = word.options.from
    local raw = scene:media(from)
    local pem = host.request.normal(raw, from)
    local facts = host.request.read(pem, from)
    scene:refuse_purged(facts.spki_sha256, from)
    scene:say("%s: %s, %s, with the public key %s; its own signature verifies. SHA-256 of it, as PEM:", word.name,
      facts.subject ~= "" and facts.subject or "no subject", facts.key, facts.spki_sha256)
    scene:say_digest(host.digest.hex(pem))
    lints.received(scene, { name = word.name, content = pem })
    scene:input { name = from, kind = "media", content = raw }
    scene:output({ name = word.name, kind = "request", received = true,
      member = scene:evidence(scene.slug(word.name) .. ".csr", pem), spki_sha256 = facts.spki_sha256 }, pem)
  end,
}

return receive

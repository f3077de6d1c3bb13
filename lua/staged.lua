--- What lies in a record's staging under the name of something that a step signs. The record is carried, so anybody may
--- have put it there: it counts only when the issuer's key signed it.

local host = require "host"
local words = require "words"

local staged = {}

local function certificate_facts(text, tbs)
  local facts = tbs and host.certificate.read(text, "the staged certificate")
  return facts and { tbs_sha256 = tbs, sha256 = facts.sha256, serial = facts.serial, spki_sha256 = facts.spki_sha256 }
end

local facts_of = {}

function facts_of.sign(text, issuer) return certificate_facts(text, host.certificate.signed(text, issuer)) end

function facts_of.publish(text, issuer)
  if not pcall(host.crl.check, text, issuer) then return nil end
  local facts = host.crl.read(text, "the staged list")
  return { tbs_sha256 = facts.tbs_sha256, sha256 = facts.sha256, number = facts.number }
end

facts_of.cross_sign, facts_of.issue, facts_of.publish_fallback = facts_of.sign, facts_of.sign, facts_of.publish

--- A root signs itself, with the key that the script names.
local function find_root(at, word, text)
  local facts = certificate_facts(text, host.certificate.signed_itself(text))
  local key = at.record:output(word.options.with)
  if not facts or not key or facts.spki_sha256 ~= key.spki_sha256 then return nil end
  return text, facts
end

--- Its bytes and what they are ({tbs_sha256, sha256, and serial or number}); nil when it is not there, or not this
--- issuer's. An issuer that the step itself brings in has signed nothing yet, unless it is itself what was signed.
function staged.find(at, word)
  local text = at:staged(words[word.verb].stages(word))
  if not text then return nil end
  if word.verb == "self_sign" then return find_root(at, word, text) end
  if not at.record:output(word.options.under) then return nil end
  local facts = facts_of[word.verb](text, at:artefact(word.options.under).content)
  if not facts then return nil end
  return text, facts
end

--- Whether the station's register has what was found.
function staged.is_registered(at, word, facts)
  local spki = at.record:output(word.verb == "self_sign" and word.options.with or word.options.under).spki_sha256
  local known
  if facts.serial then known = at.home:certificate(spki, facts.serial) else known = at.home:crl(spki, facts.number) end
  return known ~= nil and known.tbs_sha256 == facts.tbs_sha256
end

return staged

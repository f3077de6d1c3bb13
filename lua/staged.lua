--- What lies in a record's staging under the name of something that a step signs. The record is carried, so anybody may
--- have put it there: it counts only when the issuer's key signed it.

local host = require "host"
local words = require "words"

local staged = {}

local facts_of = {}

function facts_of.sign(text, issuer)
  local tbs = host.certificate.signed(text, issuer)
  local facts = tbs and host.certificate.read(text, "the staged certificate")
  return facts and { tbs_sha256 = tbs, sha256 = facts.sha256, serial = facts.serial }
end

function facts_of.publish(text, issuer)
  if not pcall(host.crl.check, text, issuer) then return nil end
  local facts = host.crl.read(text, "the staged list")
  return { tbs_sha256 = facts.tbs_sha256, sha256 = facts.sha256, number = facts.number }
end

--- Its bytes and what they are ({tbs_sha256, sha256, and serial or number}); nil when it is not there, or not this
--- issuer's. An issuer that the step itself brings in has signed nothing yet.
function staged.find(at, word)
  local text = at:staged(words[word.verb].stages(word))
  if not text or not at.record:output(word.options.under) then return nil end
  local facts = facts_of[word.verb](text, at:artefact(word.options.under).content)
  if not facts then return nil end
  return text, facts
end

--- Whether the station's register has what was found.
function staged.is_registered(at, word, facts)
  local spki = at.record:output(word.options.under).spki_sha256
  local known
  if facts.serial then known = at.home:certificate(spki, facts.serial) else known = at.home:crl(spki, facts.number) end
  return known ~= nil and known.tbs_sha256 == facts.tbs_sha256
end

return staged

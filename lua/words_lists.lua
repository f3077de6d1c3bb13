--- The word that brings a revocation list from the media onto the record: receive_list.

local host = require "host"
local lists = require "lists"
local options = require "options"

local words = {}

words.receive_list = {
  name = options.text,
  makes = "crl",
  options = {
    from = { kind = options.media, required = true },
    under = { kind = options.artefact "certificate", required = true },
  },
  sentence = function(word)
    return ("Receive the %s, a revocation list of the %s, from %s on the media."):format(word.name, word.options.under,
      word.options.from)
  end,
  brings = function(word) return { { kind = "file", what = word.options.from, why = "the " .. word.name } } end,
  notes = function(word) return { { label = ("SHA-256 of the %s"):format(word.name), digest = true } } end,
  deed = function(word, scene)
    local from, issuer = word.options.from, scene:artefact(word.options.under)
    local raw = scene:media(from)
    host.crl.check(raw, issuer.content)
    local der = host.crl.der(raw)
    local facts = host.crl.read(der, from)
    scene:say("%s: revocation list number %s of %s, from %s to %s, with %s. Its signature verifies. SHA-256 of the "
      .. "list:", word.name, facts.number or "-", facts.issuer, facts.this_update, facts.next_update or "-",
      lists.count_text(facts.entries))
    scene:say_digest(facts.sha256)
    scene:input { name = from, kind = "media", content = raw }
    scene:input(issuer)
    scene:output({ name = word.name, kind = "crl", received = true, under = word.options.under, number = facts.number,
      member = scene:evidence(scene.slug(word.name) .. ".crl", der) }, der)
  end,
}

return words

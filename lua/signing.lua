--- What the words have in common that sign a certificate: dates, what is shown, the intent before and the register
--- after, and what becomes of a signature that a cut-off attempt left. Each of them says what its draft is.

local host = require "host"
local issuers = require "issuers"
local lints = require "lints"
local options = require "options"
local previous = require "previous"
local profiles = require "profiles"

local signing = {}

--- Why nothing can be taken back behind it: revoking is not undoing.
function signing.final(word)
  return ("from then on the signature of the %s exists, whatever becomes of the step"):format(word.options.with)
end

--- What is read aloud of a certificate that is signed.
function signing.notes(word)
  return { { label = ("Serial number of the %s"):format(word.name), before = true },
    { label = ("SHA-256 of what will be signed (%s)"):format(word.name), digest = true, before = true },
    { label = ("Fingerprint of the %s"):format(word.name), digest = true } }
end

--- What is signed is kept under this name until its page is sealed.
function signing.file(word) return host.page.slug(word.name) .. ".crt" end

--- The dates that the plan fixed; before the start only the span is known.
function signing.validity(word)
  if word.begins then return ("valid from %s to %s"):format(word.begins, word.ends) end
  local from = word.options.begins and (" from " .. word.options.begins) or ""
  if word.options.ends then return ("valid%s to %s"):format(from, word.options.ends) end
  return ("valid for %s%s"):format(word.options.valid_for, from ~= "" and from or " from the start of the ceremony")
end

local VALIDITY = {
  valid_for = { kind = options.span },
  begins = { kind = options.date },
  ends = { kind = options.date },
}

--- A word's options, and those for its dates.
function signing.with_validity(more)
  for name, definition in pairs(VALIDITY) do more[name] = definition end
  return more
end

function signing.review_validity(word, review)
  local given = word.options
  if given.valid_for and given.ends then
    review:fault(word, '"valid_for" and "ends" exclude each other')
  elseif not given.valid_for and not given.ends then
    review:fault(word, 'wants "valid_for" (a span) or "ends" (a date)')
  elseif given.begins and given.ends and given.begins >= given.ends then
    review:fault(word, '"ends" must be later than "begins"')
  end
end

function signing.question(word) return ("Sign the %s now, with the %s?"):format(word.name, word.options.with) end

--- What was signed before the program stopped is used, from staging or from the register; what may have been signed
--- and lost is signed again only if the people say so, and then the very same bytes.
local function earlier_signature(scene, intent, draft, file)
  local known = scene.home:certificate(intent.issuer_spki, intent.serial)
  local pem = scene:staged(file) or (known and known.content)
  if pem then
    draft:conforms(pem)
    scene:say("The certificate that an earlier attempt signed, announced at %s, was found whole, and is used.",
      intent.time)
    return pem
  end
  scene:decide("decide", ("An earlier attempt announced the signature of serial number %s and left no certificate. "
    .. "Sign the very same bytes again?"):format(intent.serial), {
    expected = "one signature", happened = "an announced signature left no certificate",
    decided = "the same to-be-signed bytes were signed again, with the same serial number",
  })
  return nil
end

--- A serial number that this key never used.
local function fresh_serial(scene, spki)
  local serial
  repeat serial = host.certificate.serial() until not scene.home:serial_used(spki, serial)
  return serial
end

local function signature(word, scene, spki, draft_of)
  local intent = scene:intents(word.verb, word.name)[1]
  local serial = intent and intent.serial or fresh_serial(scene, spki)
  local draft, rendered, inputs = draft_of(word, scene, serial)
  if intent and intent.tbs_sha256 ~= draft:tbs() then
    scene:stop("an earlier attempt announced another certificate (to-be-signed part %s); nothing is signed",
      intent.tbs_sha256)
  end
  local pem = intent and earlier_signature(scene, intent, draft, signing.file(word))
  return pem, draft, rendered, inputs
end

--- Everything that stands in it is shown before it is signed; the template decided it, and nobody else will look.
local function show_draft(word, scene, draft)
  local facts = draft:facts()
  scene:say("To be signed: %s, issued by %s.", facts.subject, facts.issuer)
  scene:say("Serial number %s, %s to %s.", facts.serial, word.begins, word.ends)
  for _, extension in ipairs(draft:extensions()) do
    scene:say("    %s%s: %s", extension.name, extension.critical and " (critical)" or "",
      (extension.text:gsub("%s*\n%s*", " ")))
  end
  scene:say("SHA-256 of what will be signed:")
  scene:say_digest(draft:tbs())
end

--- What came in to be signed, a request or another CA's certificate, and what is made of it. What came in to be revoked
--- may be as bad as it is.
local function lint(word, scene, draft, inputs)
  for _, input in ipairs(inputs) do
    if input.kind == "request" or input.name == word.options.certificate then lints.received(scene, input) end
  end
  lints.judge(scene, word.name, draft:lint(lints.profile(scene.plan)))
end

--- What of a signed certificate stands among a page's outputs; `tbs_sha256` is the announced one.
function signing.output(word, signed, tbs_sha256, member)
  return { name = word.name, kind = "certificate", member = member, certificate_sha256 = signed.sha256,
    spki_sha256 = signed.spki_sha256, serial = signed.serial, tbs_sha256 = tbs_sha256, issuer = issuers.of(word) }
end

--- Enter it, whole, into the station's register.
function signing.register(scene, signed, tbs_sha256, issuer_spki, pem)
  scene:register { kind = "certificate", issuer_spki = issuer_spki, serial = signed.serial,
    spki_sha256 = signed.spki_sha256, tbs_sha256 = tbs_sha256, sha256 = signed.sha256, content = pem }
end

--- The certificate names the list that this ceremony publishes for its issuer (RFC 5280 4.2.1.13).
function signing.check_urls(word, scene, facts)
  local urls = scene:published_urls(word.options.under)
  for _, url in ipairs(facts.crl_urls) do
    if not urls[url] then
      scene:stop("the %s would name %s for its revocation, which no publish under the %s writes", word.name, url,
        word.options.under)
    end
  end
end

--- Sign a certificate, the deed of a word. `draft_of` (word, scene, serial) gives the draft, always the same one for a
--- serial number; what its template rendered to ({text, taken}); and its inputs. `judge` (word, scene, facts, draft)
--- raises what speaks against it besides. Returns the PEM.
function signing.certificate(word, scene, draft_of, judge)
  local file, spki = signing.file(word), scene:held(word.options.with):spki()
  previous.admit(scene.walk, scene)
  local pem, draft, rendered, inputs = signature(word, scene, spki, draft_of)
  local facts = draft:facts()
  scene:refuse_purged(facts.spki_sha256, word.options.request or word.name)
  profiles.tell(scene, rendered.taken)
  judge(word, scene, facts, draft)
  show_draft(word, scene, draft)
  lint(word, scene, draft, inputs)
  if not pem then
    scene:confirm(word, 1, scene.asks(word)[1])
    scene:intent { intent = word.verb, name = word.name, serial = facts.serial, tbs_sha256 = draft:tbs(),
      issuer_spki = spki }
    pem = draft:sign()
    scene:stage(file, pem)
  end
  local signed = host.certificate.read(pem, word.name)
  signing.register(scene, signed, draft:tbs(), spki, pem)
  for _, input in ipairs(inputs) do scene:input(input) end
  scene:evidence(scene.slug(word.name) .. ".json", rendered.text)
  scene:say("The signed certificate was read back and verified. Its fingerprint (SHA-256):")
  scene:say_digest(signed.sha256)
  scene:output(signing.output(word, signed, draft:tbs(), scene:evidence(file, pem)), pem)
  return pem
end

return signing

--- Words that use the issuer's key: sign, publish. And install, which puts the result in its place.

local handout = require "handout"
local host = require "host"
local options = require "options"
local profiles = require "profiles"
local previous = require "previous"

local sign = {}

local CERTIFICATE, KEY = "certs/intermediate_ca.crt", "secrets/intermediate_ca_key"

--- What is signed is kept under these names until its page is sealed.
local function certificate_file(word) return host.page.slug(word.name) .. ".crt" end
local function list_file(word) return host.page.slug(word.name) .. ".crl" end

--- The dates that the plan fixed; before the start only the span is known.
local function validity(word)
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

local function review_validity(word, review)
  local given = word.options
  if given.valid_for and given.ends then
    review:fault(word, '"valid_for" and "ends" exclude each other')
  elseif not given.valid_for and not given.ends then
    review:fault(word, 'wants "valid_for" (a span) or "ends" (a date)')
  elseif given.begins and given.ends and given.begins >= given.ends then
    review:fault(word, '"ends" must be later than "begins"')
  end
end

local function with_validity(more)
  for name, definition in pairs(VALIDITY) do more[name] = definition end
  return more
end

--- The draft of the certificate: everything but the signature. Made the same way again after a crash, from the
--- serial number of the intent.
local function draft_of(word, scene, serial)
  local request = scene:artefact(word.options.request)
  local path = word.options.template or request.template
  local text = scene:template(path)
  local read = host.request.read(request.content, request.name)
  local given = profiles.given_signed(word, scene, read.json.Subject, read.json)
  local json, taken = profiles.render(text, path, given)
  local issuer = scene:artefact(word.options.under)
  return host.certificate.draft {
    profile = json, template = path, request = request.content, issuer = issuer.content,
    key = scene:held(word.options.with), serial = serial, begins = word.begins, ends = word.ends,
    as_step = given.as_step,
  }, { text = json, taken = taken }, { request, issuer, { name = path, kind = "template", content = text } }
end

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

local function signature(word, scene, file)
  local intent = scene:intents("sign", word.name)[1]
  local serial = intent and intent.serial or scene:fresh_serial(word.options.under)
  local draft, rendered, inputs = draft_of(word, scene, serial)
  if intent and intent.tbs_sha256 ~= draft:tbs() then
    scene:stop("an earlier attempt announced another certificate (to-be-signed part %s); nothing is signed",
      intent.tbs_sha256)
  end
  local pem = intent and earlier_signature(scene, intent, draft, file)
  return pem, draft, rendered, inputs
end

--- The certificate names the list that this ceremony publishes for its issuer (RFC 5280 4.2.1.13).
local function check_urls(word, scene, facts)
  local urls = scene:published_urls(word.options.under)
  for _, url in ipairs(facts.crl_urls) do
    if not urls[url] then
      scene:stop("the %s would name %s for its revocation, which no publish under the %s writes", word.name, url,
        word.options.under)
    end
  end
end

--- Everything that stands in it is shown before it is signed; the template decided it, and nobody else will look.
local function show_draft(word, scene, draft)
  local facts = draft:facts()
  check_urls(word, scene, facts)
  scene:say("To be signed: %s, issued by %s.", facts.subject, facts.issuer)
  scene:say("Serial number %s, %s to %s.", facts.serial, word.begins, word.ends)
  for _, extension in ipairs(draft:extensions()) do
    scene:say("    %s%s: %s", extension.name, extension.critical and " (critical)" or "",
      (extension.text:gsub("%s*\n%s*", " ")))
  end
  scene:say("SHA-256 of what will be signed:")
  scene:say_digest(draft:tbs())
end

sign.sign = {
  name = options.text,
  makes = "certificate",
  options = with_validity {
    request = { kind = options.artefact "request", required = true },
    with = { kind = options.artefact "unlocked key", required = true },
    under = { kind = options.artefact "certificate", required = true },
    template = { kind = options.path },
    as_step = { kind = options.boolean },
  },
  sentence = function(word)
    return ("Sign the %s with the %s, under the %s: the %s, %s.%s"):format(word.options.request, word.options.with,
      word.options.under, word.name, validity(word), profiles.taken_text(word))
  end,
  prompts = function(word) return { ("Sign the %s now, with the %s?"):format(word.name, word.options.with) } end,
  review = function(word, review)
    review_validity(word, review)
    review:different(word, "request", "under")
    if word.options.as_step ~= nil and not word.options.template then
      review:fault(word, '"as_step" is for a template of its own; the request\'s is read as the request says')
    end
    profiles.review_signed(word, review)
  end,
  stages = certificate_file,
  deed = function(word, scene)
    local file = certificate_file(word)
    previous.admit(scene.walk, scene)
    local pem, draft, rendered, inputs = signature(word, scene, file)
    local issuer = host.certificate.read(scene:artefact(word.options.under).content, word.options.under)
    local facts = draft:facts()
    scene:refuse_purged(facts.spki_sha256, word.options.request)
    profiles.tell(scene, rendered.taken)
    show_draft(word, scene, draft)
    if not pem then
      scene:confirm(word, 1, scene.asks(word)[1])
      scene:intent { intent = "sign", name = word.name, serial = facts.serial, tbs_sha256 = draft:tbs(),
        issuer_spki = issuer.spki_sha256 }
      pem = draft:sign()
      scene:stage(file, pem)
    end
    local signed = host.certificate.read(pem, word.name)
    scene:register { kind = "certificate", issuer_spki = issuer.spki_sha256, serial = signed.serial,
      spki_sha256 = signed.spki_sha256, tbs_sha256 = draft:tbs(), sha256 = signed.sha256, content = pem }
    for _, input in ipairs(inputs) do scene:input(input) end
    scene:evidence(scene.slug(word.name) .. ".json", rendered.text)
    scene:say("The signed certificate was read back and verified. Its fingerprint (SHA-256):")
    scene:say_digest(signed.sha256)
    scene:output({ name = word.name, kind = "certificate", member = scene:evidence(file, pem),
      certificate_sha256 = signed.sha256, spki_sha256 = signed.spki_sha256, serial = signed.serial,
      tbs_sha256 = draft:tbs(), issuer = word.options.under }, pem)
  end,
}

--- The number after the newest that the register knows; of a root that is new to this station, the people know.
local function next_number(word, scene, spki)
  local last = scene.home:crl_number(spki)
  if last >= 0 then return last + 1 end
  if scene.rehearsal then return 1 end
  while true do
    local answer = scene:ask(word, 2, scene.asks(word)[2])
    if answer:find "^%d+$" and #answer <= 15 then return math.tointeger(answer) + 1 end
    local wrong = ('"%s" is no number of a revocation list; 0 means that there was none'):format(answer)
    if scene:is_answered(word, 2) then scene:stop("%s", wrong) end
    scene:say("%s", wrong)
  end
end

--- A list is the one that was announced, to the last byte but for the signature, and that is this issuer's.
local function check_list(word, scene, der, issuer, tbs)
  host.crl.check(der, issuer.content)
  local facts = host.crl.read(der, word.name)
  if facts.tbs_sha256 ~= tbs then
    scene:stop("the list that was found is not the one that was announced: its to-be-signed part is %s, and not %s",
      facts.tbs_sha256, tbs)
  end
  return facts
end

--- The list that an earlier attempt signed, from staging or from the register.
local function earlier_list(scene, intent, spki, file)
  local known = scene.home:crl(spki, intent.number)
  local der = scene:staged(file) or (known and host.crl.der(known.content))
  if der then
    scene:say("The list that an earlier attempt signed, announced at %s, was found whole, and is used.", intent.time)
    return der
  end
  scene:decide("decide", ("An earlier attempt announced list number %d and left none. Sign the very same bytes again?")
    :format(intent.number), { expected = "one signature", happened = "an announced signature left no list",
    decided = "the same list was signed again, with the same number" })
  return nil
end

--- The list, with the number of an earlier attempt or the next of the register.
local function crl_of(word, scene, issuer, facts)
  local intent = scene:intents("publish", word.name)[1]
  local number = intent and intent.number or next_number(word, scene, facts.spki_sha256)
  local file = list_file(word)
  local draft = { issuer = issuer.content, key = scene:held(word.options.with), number = number, begins = word.begins,
    ends = word.ends }
  local tbs = host.crl.announce(draft)
  if intent and intent.tbs_sha256 ~= tbs then
    scene:stop("an earlier attempt announced another list (to-be-signed part %s); nothing is signed", intent.tbs_sha256)
  end
  local der = intent and earlier_list(scene, intent, facts.spki_sha256, file)
  if not der then
    scene:say("Revocation list number %d of %s, from %s to %s, with no entry, to be read at %s.",
      number, facts.subject, word.begins, word.ends, word.options.url)
    scene:say("SHA-256 of what will be signed:")
    scene:say_digest(tbs)
    scene:confirm(word, 1, scene.asks(word)[1])
    if not intent then
      scene:intent { intent = "publish", name = word.name, number = number, tbs_sha256 = tbs,
        issuer_spki = facts.spki_sha256 }
    end
    der = host.crl.issue(draft)
    scene:stage(file, der)
  end
  local list = check_list(word, scene, der, issuer, tbs)
  scene:register { kind = "crl", issuer_spki = facts.spki_sha256, number = number, tbs_sha256 = tbs,
    sha256 = list.sha256, content = host.crl.pem(der) }
  return der, number, file, tbs
end

sign.publish = {
  name = options.text,
  makes = "crl",
  options = with_validity {
    with = { kind = options.artefact "unlocked key", required = true },
    under = { kind = options.artefact "certificate", required = true },
    url = { kind = options.crl_url, required = true },
  },
  sentence = function(word)
    return ("Make the %s of the %s, %s, to be put at %s, and the chain files to hand out."):format(
      word.name, word.options.under, validity(word), word.options.url)
  end,
  prompts = function(word)
    return {
      ("Sign the %s now, with the %s?"):format(word.name, word.options.with),
      ("What is the number of the newest revocation list of the %s (0 if there never was one; asked when this "
        .. "station's register knows none)?"):format(word.options.under),
    }
  end,
  review = review_validity,
  stages = list_file,
  puts = handout.paths,
  deed = function(word, scene)
    local issuer = scene:artefact(word.options.under)
    local facts = host.certificate.read(issuer.content, issuer.name)
    previous.admit(scene.walk, scene)
    scene:check_crl_url(word)
    local der, number, file, tbs = crl_of(word, scene, issuer, facts)
    scene:input(issuer)
    scene:output({ name = word.name, kind = "crl", member = handout.lay(word, scene, der, issuer), number = number,
      tbs_sha256 = tbs, issuer = word.options.under, evidence = scene:evidence(file, der) }, der)
    scene:say("The signed list was read back and verified. Its SHA-256: %s.", host.digest.hex(der))
  end,
}

sign.install = {
  name = options.artefact "certificate",
  sentence = function(word) return ("Install the %s as %s."):format(word.name, CERTIFICATE) end,
  review = function(word, review)
    if review:named("import", word.name) then
      review:fault(word, ('"%s" was imported; what is installed is signed in this ceremony, for the key made here')
        :format(word.name))
    end
    local signed = review:named("sign", word.name)
    local request = signed and review:named("request", signed.options.request)
    local key = request and review:named("generate", request.options.key)
    if key and key.station ~= word.station then
      review:fault(word, ('"%s" is for the key "%s", which is at station "%s"'):format(word.name, key.name,
        key.station))
    end
    review:after(word, "generate", "there is no key that it belongs to")
    review:later(word, "generate", "the key lies in its place once its page is sealed")
    review:after(word, "import", "there is no root above it")
    review:once(word, "install")
  end,
  deed = function(word, scene)
    local artefact = scene:artefact(word.name)
    local facts = host.certificate.read(artefact.content, word.name)
    local root = scene:file "certs/root_ca.crt"
    host.certificate.check_intermediate(artefact.content, root, scene:seconds(), word.name)
    scene:refuse_purged(facts.spki_sha256, word.name)
    local key = scene:key_at(KEY)
    if not key or key.spki_sha256 ~= facts.spki_sha256 then
      scene:stop("the %s is for another key than %s, made in this ceremony", word.name, KEY)
    end
    if not host.file.exists(scene.authority .. "/" .. KEY) then
      scene:stop("%s/%s is gone, and the %s is of no use without it; put it back from where it was taken",
        scene.authority, KEY, word.name)
    end
    scene:new_file(CERTIFICATE, artefact.content, 384)
    scene:input(artefact)
    scene:output({ name = "installed " .. word.name, kind = "certificate", place = CERTIFICATE,
      member = scene:member(CERTIFICATE), certificate_sha256 = facts.sha256, spki_sha256 = facts.spki_sha256 },
      artefact.content)
    scene:say("The %s is in place: %s, for the key that was made here.", word.name, facts.subject)
    scene:say("Its fingerprint (SHA-256):")
    scene:say_digest(facts.sha256)
  end,
}

return sign

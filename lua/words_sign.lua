--- Words that use the issuer's key: sign, publish, publish_fallback. And install, which puts the result in its place.

local handout = require "handout"
local host = require "host"
local installing = require "installing"
local lints = require "lints"
local lists = require "lists"
local options = require "options"
local places = require "places"
local previous = require "previous"
local profiles = require "profiles"
local signing = require "signing"

local sign = {}

--- What is read aloud of a list that is signed.
local function list_notes(word)
  return { { label = ("Number of the %s"):format(word.name), before = true },
    { label = ("SHA-256 of what will be signed (%s)"):format(word.name), digest = true, before = true } }
end

local function list_file(word) return host.page.slug(word.name) .. ".crl" end

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

sign.sign = {
  name = options.text,
  makes = "certificate",
  lints = true,
  options = signing.with_validity {
    request = { kind = options.artefact "request", required = true },
    with = { kind = options.artefact "unlocked key", required = true },
    under = { kind = options.artefact "certificate", required = true },
    template = { kind = options.path },
    as_step = { kind = options.boolean },
  },
  sentence = function(word)
    return ("Sign the %s with the %s, under the %s: the %s, %s.%s"):format(word.options.request, word.options.with,
      word.options.under, word.name, signing.validity(word), profiles.taken_text(word))
  end,
  prompts = function(word) return { signing.question(word) } end,
  final = signing.final,
  notes = signing.notes,
  review = function(word, review)
    signing.review_validity(word, review)
    review:different(word, "request", "under")
    if word.options.as_step ~= nil and not word.options.template then
      review:fault(word, '"as_step" is for a template of its own; the request\'s is read as the request says')
    end
    profiles.review_signed(word, review)
  end,
  stages = signing.file,
  deed = function(word, scene) signing.certificate(word, scene, draft_of, signing.check_urls) end,
}

--- The number after the newest that the register and the list before know; of a root that is new to this station, the
--- people know.
local function next_number(word, scene, spki, lowest)
  local last = scene.home:crl_number(spki)
  if last >= 0 or lowest > 0 then return math.max(last + 1, lowest) end
  if scene.rehearsal or scene:named("self_sign", word.options.under) then return 1 end
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

--- The issuer's list before the one of that number, as the register has it; nil when it is not known.
local function list_before(scene, spki, number)
  local last = scene.home:crl_number(spki)
  local entry = last >= 0 and scene.home:crl(spki, last < number and last or number - 1)
  return entry and entry.content or nil
end

--- The list, with the number of an earlier attempt or the next of the register. `place` is where it will be read;
--- `scope` that, where the list itself is to say so.
local function crl_of(word, scene, issuer, facts, place, scope)
  local intent = scene:intents("publish", word.name)[1]
  local draft, lowest = lists.draft(word, scene, issuer, facts.spki_sha256, intent)
  draft.scope = scope
  local number = intent and intent.number or next_number(word, scene, facts.spki_sha256, lowest)
  local file = list_file(word)
  draft.number = number
  local tbs, entries = host.crl.announce(draft)
  if intent and intent.tbs_sha256 ~= tbs then
    scene:stop("an earlier attempt announced another list (to-be-signed part %s); nothing is signed", intent.tbs_sha256)
  end
  scene:say("Revocation list number %d of %s, from %s to %s, with %s, to be read at %s.",
    number, facts.subject, word.begins, word.ends, lists.count_text(entries), place)
  draft.profile, draft.previous = lints.profile(scene.plan), list_before(scene, facts.spki_sha256, number)
  lints.judge(scene, word.name, host.lint.list(draft))
  local der = intent and earlier_list(scene, intent, facts.spki_sha256, file)
  if not der then
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
  lints = true,
  options = signing.with_validity {
    with = { kind = options.artefact "unlocked key", required = true },
    under = { kind = options.artefact "certificate", required = true },
    url = { kind = options.crl_url, required = true },
    after = lists.OPTIONS.after,
    revoke = lists.OPTIONS.revoke,
  },
  needs = lists.needs,
  sentence = function(word)
    return ("Make the %s of the %s, %s, to be put at %s, and the chain files to hand out.%s"):format(
      word.name, word.options.under, signing.validity(word), word.options.url, lists.phrase(word))
  end,
  prompts = function(word)
    local question = signing.question(word)
    if word.options.after then return { question } end
    return {
      question,
      ("What is the number of the newest revocation list of the %s (0 if there never was one; asked when this "
        .. "station's register knows none)?"):format(word.options.under),
    }
  end,
  final = signing.final,
  notes = list_notes,
  review = function(word, review)
    signing.review_validity(word, review)
    lists.review(word, review)
  end,
  dated = lists.early,
  stages = list_file,
  puts = handout.paths,
  deed = function(word, scene)
    local issuer = scene:artefact(word.options.under)
    local facts = host.certificate.read(issuer.content, issuer.name)
    previous.admit(scene.walk, scene)
    scene:check_crl_url(word)
    local der, number, file, tbs = crl_of(word, scene, issuer, facts, word.options.url)
    scene:input(issuer)
    scene:output({ name = word.name, kind = "crl", member = handout.lay(word, scene, der, issuer), number = number,
      tbs_sha256 = tbs, issuer = word.options.under, evidence = scene:evidence(file, der) }, der)
    scene:say("The signed list was read back and verified. Its SHA-256: %s.", host.digest.hex(der))
  end,
}

--- Where ca.json says that the authority's list is read; the list in force must say the same (RFC 5280 6.3.3 (b)(2)).
local function configured_url(word, scene)
  local url = host.config.get(scene:config(), "crl.idpURL")
  if type(url) ~= "string" or url == "" then
    scene:stop "config/ca.json has no crl.idpURL, so that nobody can say where the list is read"
  end
  local before = scene:artefact(word.options.after)
  local theirs = host.crl.scope(before.content)
  if theirs ~= url then
    scene:stop("the %s says that it is read at %s, and ca.json (crl.idpURL) at %s; a certificate that names the one is "
      .. "not looked for on a list of the other", before.name, theirs or "no place", url)
  end
  return url
end

sign.publish_fallback = {
  name = options.text,
  makes = "crl",
  lints = true,
  options = signing.with_validity {
    with = { kind = options.artefact "unlocked key", required = true },
    under = { kind = options.artefact "certificate", required = true },
    after = { kind = options.artefact "crl", required = true },
    serials = { kind = options.media },
    revoke = lists.OPTIONS.revoke,
  },
  needs = lists.needs,
  sentence = function(word)
    return ("Make the %s of the %s in the place of step-ca, %s, to be put where ca.json says.%s"):format(word.name,
      word.options.under, signing.validity(word), lists.phrase(word))
  end,
  prompts = function(word) return { signing.question(word) } end,
  brings = function(word)
    local file = word.options.serials
    return file and { { kind = "file", what = file, why = "the serial numbers to revoke" } } or {}
  end,
  final = signing.final,
  notes = list_notes,
  review = function(word, review)
    signing.review_validity(word, review)
    lists.review(word, review)
    review:founded(word, "there is no ca.json that says where the list is read")
  end,
  dated = lists.early,
  stages = list_file,
  puts = handout.list_paths,
  deed = function(word, scene)
    local issuer = scene:artefact(word.options.under)
    local facts = host.certificate.read(issuer.content, issuer.name)
    previous.admit(scene.walk, scene)
    local url = configured_url(word, scene)
    local der, number, file, tbs = crl_of(word, scene, issuer, facts, url, url)
    scene:input(issuer)
    scene:output({ name = word.name, kind = "crl", member = handout.lay_list(word, scene, der), number = number,
      scope = url, tbs_sha256 = tbs, issuer = word.options.under, evidence = scene:evidence(file, der) }, der)
    scene:say("The signed list was read back and verified. Its SHA-256: %s.", host.digest.hex(der))
    scene:say("step-ca counts in a database of its own, and does not know of this list: when it runs again, have it "
      .. "make lists until their number is above %d before one is published.", number)
  end,
}

sign.install = {
  name = options.artefact "certificate",
  sentence = function(word)
    if not word.beside then return ("Install the %s as %s."):format(word.name, installing.FIRST) end
    return ("Install the %s beside the one in use, keep that one, and have ca.json name the new one."):format(word.name)
  end,
  notes = function(word) return { { label = ("Fingerprint of the %s"):format(word.name), digest = true } } end,
  review = function(word, review)
    word.beside = review:follows(word, "adopt")
    if review:named("import", word.name) then
      review:fault(word, ('"%s" was imported; what is installed is signed in this ceremony, for the key made here')
        :format(word.name))
    end
    local signed = review:named("sign", word.name)
    local request = signed and review:named("request", signed.options.request)
    if request and request.station ~= word.station then
      review:fault(word, ('"%s" is for the key "%s", which is at station "%s"'):format(word.name, request.options.key,
        request.station))
    end
    review:later(word, "generate", "the key lies in its place once its page is sealed")
    review:once(word, "install")
    if word.beside then
      if not signed then review:fault(word, ('"%s" was not signed in this ceremony'):format(word.name)) end
      return
    end
    review:after(word, "generate", "there is no key that it belongs to")
    review:after(word, "import", "there is no root above it")
  end,
  deed = function(word, scene)
    local artefact = scene:artefact(word.name)
    local facts = host.certificate.read(artefact.content, word.name)
    local root = scene:file(word.beside and places.now(scene).root or "certs/root_ca.crt")
    host.certificate.check_intermediate(artefact.content, root, scene:seconds(), word.name)
    scene:refuse_purged(facts.spki_sha256, word.name)
    installing[word.beside and "beside" or "first"](word, scene, artefact, facts)
    scene:input(artefact)
    scene:say("The %s is in place: %s, for %s.", word.name, facts.subject,
      word.beside and "a key of this authority" or "the key that was made here")
    scene:say("Its fingerprint (SHA-256):")
    scene:say_digest(facts.sha256)
  end,
}

return sign

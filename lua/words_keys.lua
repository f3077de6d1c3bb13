--- Words about keys and what is asked of them: generate, request, unlock.

local custodians = require "custodians"
local host = require "host"
local installing = require "installing"
local keyring = require "keyring"
local lints = require "lints"
local options = require "options"
local places = require "places"
local profiles = require "profiles"

local keys = {}

local KEY = "secrets/intermediate_ca_key"

--- Where it goes: into a file of its own, beside the key in use, or to the place of the authority's key.
local function place_of(word, scene)
  return word.options.to or (word.beside and places.new_key(scene)) or KEY
end

local function place_text(word)
  if word.options.to then return ("as %s among the station's own files"):format(word.options.to) end
  return word.beside and "beside the key in use" or "as " .. KEY
end

local function secret_of(word, scene)
  if word.options.to then return scene:new_secret(word.name, "the " .. word.name) end
  return word.beside and keyring.secret(scene) or scene:new_secret("authority", "the authority's keys")
end

--- A key that has a file of its own is unlocked again before it is used: so it is seen that its password is known.
local function forget_secret(word, scene)
  if word.options.to and not scene.rehearsal then scene.walk.secrets[word.name] = nil end
end

keys.generate = {
  name = options.text,
  makes = "key",
  options = {
    kind = { kind = options.one_of("RSA-2048", "RSA-3072", "RSA-4096", "P-256", "P-384", "P-521"), required = true },
    to = { kind = options.media },
  },
  sentence = function(word)
    return ("Generate the %s (%s), encrypted under %s, %s."):format(word.name, word.options.kind,
      word.options.to and "a password of its own" or "the authority's password", place_text(word))
  end,
  passwords = function(word)
    return { { name = word.options.to and word.name or keyring.SECRET, new = not word.beside } }
  end,
  brings = function(word)
    local file = word.options.to
    return file and { { kind = "made", what = file, why = ("the %s, encrypted"):format(word.name) } } or {}
  end,
  notes = function(word)
    return { { label = ("SHA-256 of the public key of the %s"):format(word.name), digest = true } }
  end,
  minutes = 1,
  review = function(word, review)
    if word.options.to then return end
    word.beside = review:follows(word, "adopt")
    review:founded(word, "there is no tree to put it in; a key with a file of its own says where: "
      .. 'to = "root.key"')
    review:once(word, "generate")
    if review:follows(word, "initialize") then
      review:after(word, "purge", "initialize made a key with that name, and no key is ever overwritten")
    end
  end,
  deed = function(word, scene)
    local secret, place = secret_of(word, scene), place_of(word, scene)
    if word.options.to and host.file.exists(scene.authority .. "/" .. place) then
      scene:stop("%s/%s is there already, and no key is ever overwritten; name another folder", scene.authority, place)
    end
    if word.options.kind:find "^RSA" then
      scene:say("Generating %s; this can take some seconds.", word.options.kind)
    end
    local key = host.key.generate(word.options.kind)
    scene:refuse_purged(key:spki(), word.name)
    scene.at:stage_key(place, key, secret)
    scene:hold(word.name, key)
    scene:say("SHA-256 of its public key (SubjectPublicKeyInfo):")
    scene:say_digest(key:spki())
    scene:output { name = word.name, kind = "key", place = place, mode = "0600", key = key:kind(),
      spki_sha256 = key:spki() }
    forget_secret(word, scene)
  end,
}

--- A key that an earlier step made at this station is opened again with the authority's password.
local function open_key(scene, name)
  return scene:held(name) or keyring.artefact(scene, name)
end

keys.request = {
  name = options.text,
  makes = "request",
  lints = true,
  options = {
    key = { kind = options.artefact "key", required = true },
    subject = { kind = options.subject, required = true },
    template = { kind = options.path, required = true },
    as_step = { kind = options.boolean },
  },
  sentence = function(word)
    local shown = word.shown or { subject = profiles.subject_text(word.options.subject), extent = "a CA" }
    return ("Make the %s for %s with the %s: %s. The template is %s%s.%s"):format(word.name, shown.subject,
      word.options.key, shown.extent, word.options.template, shown.sha256 and ", SHA-256 " .. shown.sha256 or "",
      profiles.taken_text(word))
  end,
  notes = function(word) return { { label = ("SHA-256 of the %s"):format(word.name), digest = true } } end,
  review = function(word, review) profiles.review(word, review) end,
  deed = function(word, scene)
    local key = open_key(scene, word.options.key)
    local text = scene:template(word.options.template)
    local given = profiles.given(word, scene, scene:mark_subject(word.options.subject))
    local json, taken = profiles.render(text, word.options.template, given)
    local pem = host.request.create(key, json, word.options.template, given.as_step)
    profiles.tell(scene, taken)
    local facts = host.request.read(pem, word.name)
    scene:refuse_purged(facts.spki_sha256, word.name)
    installing.check_request(word, scene, facts)
    scene:say("%s: %s, %s, with the public key %s. SHA-256 of the request:", word.name, facts.subject, facts.key,
      facts.spki_sha256)
    scene:say_digest(host.digest.hex(pem))
    lints.received(scene, { name = word.name, content = pem })
    scene:input { name = word.options.template, kind = "template", content = text }
    scene:input(scene:artefact(word.options.key))
    local slug = scene.slug(word.name)
    scene:evidence(slug .. ".json", json)
    scene:output({ name = word.name, kind = "request", member = scene:evidence(slug .. ".csr", pem),
      spki_sha256 = facts.spki_sha256, template = word.options.template }, pem)
  end,
}

--- A key that is not encrypted is whoever's who holds the medium: it is not used, unless the people decide to.
local function open_plain(word, scene, pem)
  local from = word.options.from
  local key = host.key.parse(pem, nil, from)
  scene:say("%s is not encrypted: whoever holds the medium holds the key. This makes an encrypted copy of it: "
    .. "openssl pkcs8 -topk8 -iter 600000 -in %s -out NEW", from, from)
  scene:decide("unencrypted", ("%s is not encrypted. Use it all the same?"):format(from), {
    expected = ("the %s encrypted under a password"):format(word.name), happened = from .. " was not encrypted",
    decided = "it was used all the same",
  })
  return key
end

--- The key, nobody's names, and the password.
local function open_encrypted(word, scene, pem)
  local used
  local key = scene:try_password(word.name, ("Password of the %s"):format(word.name), function(secret)
    used = secret
    return host.key.parse(pem, secret, word.options.from)
  end, true, true)
  return key, nil, used
end

local AUTHORITY = "the authority"

--- A file's name, or the tree in which the station keeps a key that is an artefact.
local function source(value) return value == AUTHORITY and value or options.media(value) end

--- What was made under that name in this ceremony is what is unlocked.
local function refuse_other(word, scene, key)
  local made = scene.record:output(word.name)
  if made and made.kind == "key" and made.spki_sha256 ~= key:spki() then
    scene:stop("%s holds another key (%s) than the %s that was made in this ceremony (%s)", word.options.from,
      key:spki(), word.name, made.spki_sha256)
  end
end

local function where(word)
  if word.options.from == AUTHORITY then return "its place in the authority" end
  return word.options.from .. (word.own and " among the station's own files" or " on the media")
end

keys.unlock = {
  name = options.text,
  makes = "unlocked key",
  needs = function(word) return word.options.from == AUTHORITY and { { word.name, "key" } } or {} end,
  options = {
    from = { kind = source, required = true },
    by = { kind = options.one_of "custodians" },
    needed = { kind = options.several },
  },
  sentence = function(word)
    return ("Unlock the %s, from %s, for this step only%s."):format(word.name, where(word),
      word.options.by and custodians.phrase(word) or "")
  end,
  prompts = function(word)
    local question = ("Unlock the %s now?"):format(word.name)
    if custodians.is_choice(word) then return { question, custodians.question(word) } end
    return { question }
  end,
  passwords = function(word)
    if word.options.from == AUTHORITY then return { { name = keyring.SECRET } } end
    local list = {}
    for index, name in ipairs(custodians.secrets(word)) do list[index] = { name = name } end
    return list
  end,
  brings = function(word)
    if word.own or word.options.from == AUTHORITY then return {} end
    return { { kind = "key", what = word.options.from, why = "the " .. word.name } }
  end,
  notes = function(word)
    return word.options.by and { { label = "Custodians who gave their parts" } } or {}
  end,
  minutes = 2,
  review = function(word, review)
    custodians.review(word, review)
    if word.options.from == AUTHORITY and word.options.by then
      review:fault(word, 'by = "custodians" is for a key on the media; the key in the authority opens with the '
        .. "password that step-ca is started with")
    end
    local made = review:named("generate", word.name)
    word.own = made ~= nil and made.options.to == word.options.from
    if made and not word.own and (made.options.to or word.options.from ~= AUTHORITY) then
      review:fault(word, ('"%s" is made on line %d, and lies in %s; unlock it from there'):format(word.name, made.line,
        made.options.to or AUTHORITY))
    end
  end,
  deed = function(word, scene)
    local pem = word.options.from ~= AUTHORITY and scene:private_media(word.options.from)
    scene:confirm(word, 1, scene.asks(word)[1])
    local key, opened_by, secret
    if pem then
      local by = word.options.by and custodians.open
      key, opened_by, secret = (by or host.key.is_encrypted(pem) and open_encrypted or open_plain)(word, scene, pem)
      scene:hold(word.name, key, pem, secret)
    else
      key = keyring.artefact(scene, word.name)
      scene:hold(word.name, key)
    end
    refuse_other(word, scene, key)
    scene:say("The %s is unlocked (%s). SHA-256 of its public key: %s.", word.name, key:kind(), key:spki())
    scene:input { name = word.name, kind = "key", key = key:kind(), spki_sha256 = key:spki(), opened_by = opened_by }
  end,
}

return keys

--- The word that copies an encrypted key to media outside of the record: backup. Without a copy nobody could make an
--- authority anew from its record, as no record holds a key.
---
--- The file that lies at the station is copied as it is, under its own password. Each copy is read back from its medium
--- opened, and signs a text with a nonce, so that whoever reads the page can check it.

local custody = require "custody"
local host = require "host"
local keyring = require "keyring"
local media = require "media"
local options = require "options"

local backup = {}

local PROMPTS = 3 -- for each medium

local function listed(names)
  if #names == 1 then return names[1] end
  return table.concat(names, ", ", 1, #names - 1) .. " and " .. names[#names]
end

local function prompts_of(word)
  local list = {}
  for _, medium in ipairs(word.options.to) do
    list[#list + 1] = ("Is %s in, and is the encrypted %s to be copied to it now?"):format(medium, word.name)
    list[#list + 1] = custody.taker(medium)
    list[#list + 1] = custody.where(medium)
  end
  return list
end

--- Files and pages are called after a medium.
local function review_media(word, review)
  local seen = {}
  for _, medium in ipairs(word.options.to) do
    local slug = host.page.slug(medium)
    if not slug then
      review:fault(word, ('medium "%s" needs a letter or digit in its name'):format(medium))
    elseif seen[slug] then
      review:fault(word, ('"%s" and "%s" would have the same file name (%s)'):format(seen[slug], medium, slug))
    elseif medium:find("=", 1, true) then
      review:fault(word, ('medium "%s" cannot be named with --backup: it has a = in its name'):format(medium))
    end
    seen[slug or 1] = medium
  end
end

-- ---- before the step ----

--- Two copies on one file system are lost together, and one beside the key is lost with it: most likely a medium is not
--- mounted.
local function check_devices(word, scene)
  local seen = { [host.medium.look(scene.authority).device] = "the station's own files" }
  for _, medium in ipairs(word.options.to) do
    local facts = host.medium.look(media.folder(scene, medium))
    local other = seen[facts.device]
    if other and not scene.rehearsal then
      local same = ("%s lies on the same file system as %s (%s, %s)"):format(medium, other, facts.device,
        facts.filesystem)
      scene:decide("device", same .. ". Is it mounted? Go on in spite of it?", { rule = "backup.device",
        expected = "every copy on a medium of its own", happened = same, decided = "to go on in spite of it" })
    end
    seen[facts.device] = medium
  end
end

-- ---- the deed ----

--- The key's file as it lies at the station, the password that opens it, and the open key.
local function source_of(word, scene)
  local source = scene.files[word.name]
  if not source then
    local pem = host.file.read_private(scene.authority .. "/" .. scene:artefact(word.name).place)
    local key = scene:held(word.name) or keyring.artefact(scene, word.name)
    scene:hold(word.name, key)
    source = { pem = pem, secret = host.key.is_encrypted(pem) and scene.walk.secrets[keyring.SECRET], key = key }
  end
  if not source.secret then scene:stop("the %s is not encrypted, and no copy is made of such a key", word.name) end
  return source
end

--- What is proved: that the copies are of the key that the record knows, or that a certificate is for. Of a key that
--- was unlocked the record knows nothing else.
local function check_source(word, scene, spki)
  local known = word.options.certificate
  if not known and scene.files[word.name] then return end
  local artefact = scene:artefact(known or word.name)
  local wanted = known and host.certificate.read(artefact.content, known).spki_sha256 or artefact.spki_sha256
  if wanted ~= spki then
    scene:stop("the %s is not the key of the %s: its public key is %s, and not %s", word.name,
      known or "page that made it", spki, wanted)
  end
  scene:input(artefact)
end

--- An earlier attempt announced this copy. If it is not on this medium, it may be on another one of that name.
local function check_announced(word, scene, medium, found)
  for _, event in ipairs(scene:intents "backup") do
    if event.key == word.name and event.medium == medium and not found then
      scene:decide("copy", ("At %s a copy of the %s was announced for %s, and none is on this medium. Is it sure that "
        .. "there is no other medium with it?"):format(event.time, word.name, medium), { rule = "backup.copy",
        expected = "the copy that was announced, on " .. medium, happened = "it is not on the medium that is in",
        decided = "to go on: no other medium has it" })
      return
    end
  end
end

--- Write a copy and read it back: whether it came past the kernel's cache.
local function write(word, scene, source, medium)
  local folder, file = media.folder(scene, medium), source.file
  local found = host.file.exists(folder .. "/" .. file)
  check_announced(word, scene, medium, found)
  scene:intent { intent = "backup", key = word.name, medium = medium, sha256 = source.sha256 }
  if host.medium.put(folder, file, source.pem) then
    scene:say("%s has the copy already, from an attempt that was cut off.", medium)
  end
  local content, direct = host.medium.read(folder, file)
  if host.digest.hex(content) ~= source.sha256 then
    scene:stop("%s gives other bytes back than were written; take another medium, and destroy this one", medium)
  end
  return content, direct
end

--- Open the copy that was read back, and have it sign.
local function prove(word, scene, source, medium, content)
  local key = host.key.parse(content, source.secret, medium)
  local text = ("verger backup test: %s on %s, ceremony %s, page %d, nonce %s"):format(word.name, medium,
    scene.walk.id, scene.number, host.digest.random_id())
  local signature = key:prove(text)
  key:close()
  host.key.check_proof(source.public, source.spki, text, signature)
  return text, signature
end

local function copy(word, scene, source, medium, first)
  scene:confirm(word, first, scene.asks(word)[first])
  local content, direct = write(word, scene, source, medium)
  local text, signature = prove(word, scene, source, medium, content)
  local facts = host.medium.look(media.folder(scene, medium))
  scene:say("The copy on %s was read back%s, opened with its password, and signed what the key is tested with.", medium,
    direct and " from the medium" or " (by a file system that may have remembered it)")
  custody.hand_over(word, scene, { item = medium, from = scene:operator(), taker = first + 1, where = first + 2 })
  return { medium = medium, device = facts.device, filesystem = facts.filesystem, direct = direct, text = text,
    signature = signature }
end

backup.backup = {
  name = options.artefact "own key",
  options = {
    to = { kind = options.texts, required = true },
    certificate = { kind = options.artefact "certificate" },
  },
  sentence = function(word)
    local against = word.options.certificate and " against the " .. word.options.certificate or ""
    return ("Copy the encrypted %s to %s; read each copy back, open it with its password and test it%s."):format(
      word.name, listed(word.options.to), against)
  end,
  prompts = prompts_of,
  brings = function(word)
    local list = {}
    for index, medium in ipairs(word.options.to) do
      list[index] = { kind = "medium", what = medium, why = ("for a copy of the encrypted %s"):format(word.name) }
    end
    return list
  end,
  notes = function(word)
    return { { label = ("SHA-256 of the encrypted file of the %s"):format(word.name), digest = true, before = true } }
  end,
  final = function(word) return ("from then on the %s has a copy outside of this station"):format(word.name) end,
  review = function(word, review)
    if not word.options.to then return end
    review_media(word, review)
    local made = review:named("generate", word.name)
    if made and made.step == word.step then
      review:fault(word, ('needs a step of its own after that of "generate" (line %d): the key lies in its place once '
        .. "its page is sealed"):format(made.line))
    end
  end,
  prepare = check_devices,
  deed = function(word, scene)
    local source = source_of(word, scene)
    source.spki, source.public = source.key:spki(), source.key:public()
    source.sha256 = host.digest.hex(source.pem)
    source.file = ("%s-%s.key"):format(scene.slug(word.name), source.spki:sub(1, 16))
    check_source(word, scene, source.spki)
    scene:say("The copies are called %s. SHA-256 of the encrypted file:", source.file)
    scene:say_digest(source.sha256)
    scene:say("SHA-256 of its public key (SubjectPublicKeyInfo): %s.", source.spki)
    local copies = {}
    for index, medium in ipairs(word.options.to) do
      copies[index] = copy(word, scene, source, medium, PROMPTS * (index - 1) + 1)
    end
    local text = host.json.encode { format = "verger-backup-1", key = word.name, kind = source.key:kind(),
      spki_sha256 = source.spki, public_key = source.public, certificate = word.options.certificate,
      file = source.file, file_sha256 = source.sha256, copies = host.json.array(copies) }
    local slug = scene.slug(word.name)
    scene:output({ name = "backup of the " .. word.name, kind = "backup", spki_sha256 = source.spki,
      member = scene:evidence(("backup-%s.json"):format(slug), text) }, text)
  end,
}

return backup

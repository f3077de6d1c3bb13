--- The word that takes over an authority that is there already: adopt.

local findings = require "findings"
local host = require "host"
local keyring = require "keyring"
local options = require "options"
local places = require "places"
local spans = require "spans"

local adopt = {}

local CONFIG = "config/ca.json"
local ROOT, CERTIFICATE, KEY = "root certificate", "intermediate certificate", "intermediate key"

--- What step-ca reads of a tree, all of it public. What lies elsewhere is not opened: it may be anybody's, a password's
--- too.
local TAKEN = { ["config/ca.json"] = true, ["config/defaults.json"] = true, certs = true, templates = true,
  publish = true }
local FOLDERS = { certs = true, config = true, db = true, publish = true, secrets = true, templates = true }

--- What lies in the tree: files to put on record, folders, and the paths of what stays unread but for the key.
local function survey(scene, key)
  local files, folders, left = {}, {}, {}
  for _, thing in ipairs(host.authority.survey(scene.authority)) do
    local top = thing.path:match "^[^/]+"
    local taken = TAKEN[thing.path] or TAKEN[top]
    if thing.kind == "folder" then
      if FOLDERS[top] then folders[#folders + 1] = thing end
      if not FOLDERS[top] then left[#left + 1] = thing.path .. "/" end
    elseif thing.kind == "file" and taken then
      files[#files + 1] = thing
    elseif taken then
      scene:stop("%s/%s is %s; only plain files are taken over", scene.authority, thing.path,
        thing.why or "no plain file")
    elseif thing.path ~= key then
      left[#left + 1] = thing.path
    end
  end
  return files, folders, left
end

local function config_of(scene)
  local path = scene.authority .. "/" .. CONFIG
  if host.file.exists(path) then return host.file.read(path) end
  return scene:stop("%s is not there; --authority is to be the folder of the authority that is taken over", path)
end

--- Where the tree has its certificates and its key; it lies where its ca.json says.
local function where(scene, text)
  local found, why = places.of(text)
  if not found then scene:stop("%s: that is no tree as `step ca init` makes it, and is not taken over", why) end
  local home = host.file.is_folder(found.home) and host.file.real(found.home) or found.home
  if home ~= scene.authority then
    scene:stop("the paths in %s/%s say that this tree lies in %s; name that with --authority, or correct the paths",
      scene.authority, CONFIG, found.home)
  end
  return found
end

--- A password in the address of a database would be in the public record.
local function refuse_secrets(scene, text)
  local source = host.config.get(text, "db.dataSource")
  if type(source) == "string" and source:find "^[^/]*:[^/@]*@" or tostring(source):find "://[^/@]*:[^/@]*@" then
    scene:stop('"db.dataSource" of %s holds a password, and the record is public; use a way to log in without one',
      CONFIG)
  end
end

--- Errors refuse the tree, but that the intermediate is out of date: a ceremony is how it is renewed.
local function judge(scene, found)
  local list = findings.of(scene, found.home, keyring.secret(scene, found.key))
  findings.say(scene, list)
  local count, first = findings.errors(list, "intermediate_expired")
  if count > 0 then
    scene:stop("this tree is not taken over as it is: %s. Mend it (`verger check` names the same), and begin this "
      .. "step again", first)
  end
  if findings.errors(list) > 0 then
    scene:decide("expired", "The intermediate certificate is out of date. Take the authority over all the same?", {
      rule = "adopt.expired", expected = "an intermediate certificate that is valid", happened = "it is out of date",
      decided = "to take the authority over all the same" })
  end
  return list
end

--- Held against the end of the ceremony before, where --previous names its record.
local function compare(scene)
  if not scene.walk.previous then return nil end
  local record = host.record.open(scene.walk.previous, false)
  local report = host.authority.compare(record, scene.walk.station, scene.authority)
  if not report then
    scene:say("The ceremony before left no tree of this authority to compare with.")
    return nil
  end
  if report.identical then
    scene:say("The tree is what the ceremony before left, file by file (head %s).", record:head())
    return true
  end
  scene:say("The tree is NOT what the ceremony before left (head %s):\n%s", record:head(), report.text)
  scene:decide("differs", "The tree differs from what the ceremony before left, as was read aloud. Take it over as it "
    .. "is?", { rule = "adopt.differs", expected = "the tree as the ceremony before left it", happened = "it differs",
      decided = "to take it over as it is" })
  return false
end

local function name_certificate(scene, name, place, key)
  local pem = scene.page:pending(place)
  local facts = host.certificate.read(pem, place)
  scene:refuse_rehearsed(facts.subject, place)
  scene:say("The %s (%s): %s, %s, valid %s to %s. SHA-256:", name, place, facts.subject, facts.key, facts.not_before,
    facts.not_after)
  scene:say_digest(facts.sha256)
  spans.check_later(scene, name, facts)
  scene:output({ name = name, kind = "certificate", adopted = true, place = place, key_place = key,
    member = scene:member(place), certificate_sha256 = facts.sha256, spki_sha256 = facts.spki_sha256 }, pem)
end

local function name_key(scene, place)
  local key = keyring.open(scene, place)
  scene:say("The %s (%s, encrypted) stays where it is. SHA-256 of its public key: %s.", KEY, place, key:spki())
  scene:output { name = KEY, kind = "key", adopted = true, place = place, mode = "0600", key = key:kind(),
    spki_sha256 = key:spki() }
  key:close()
end

local function name_all(scene, found)
  name_certificate(scene, ROOT, found.root)
  name_certificate(scene, CERTIFICATE, found.certificate, found.key)
  name_key(scene, found.key)
end

local function lay(scene, files, folders)
  for _, folder in ipairs(folders) do scene.page:folder(folder.path, folder.mode) end
  for _, file in ipairs(files) do
    scene.page:file(file.path, host.file.read(scene.authority .. "/" .. file.path), file.mode)
    scene:say("    %s", file.path)
  end
end

adopt.adopt = {
  name = options.one_of "the authority",
  makes_all = { { ROOT, "certificate" }, { CERTIFICATE, "certificate" }, { KEY, "key" } },
  sentence = function()
    return ("Take over the authority that is there: check it, put its public files on record as they are, and name "
      .. "its %s, its %s and its %s, which stays in its place."):format(ROOT, CERTIFICATE, KEY)
  end,
  passwords = function() return { { name = keyring.SECRET } } end,
  minutes = 3,
  review = function(word, review)
    review:once(word, "adopt")
    review:before(word, "initialize", "an authority is made, or is there already")
  end,
  deed = function(_, scene)
    local text = config_of(scene)
    local found = where(scene, text)
    local files, folders, left = survey(scene, found.key)
    refuse_secrets(scene, text)
    local list = judge(scene, found)
    local same = compare(scene)
    scene:say("Put on record as found:")
    lay(scene, files, folders)
    if #left > 0 then
      scene:say("Left alone, unread and in no record: %s.", table.concat(left, ", "))
    end
    name_all(scene, found)
    scene:evidence("adopted.json", host.json.encode { findings = findings.encode(list), left = host.json.array(left),
      as_left_before = same })
  end,
}

return adopt

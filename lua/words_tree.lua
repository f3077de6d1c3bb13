--- Words that make and clear the authority's tree: initialize, purge, import.

local founding = require "founding"
local host = require "host"
local lints = require "lints"
local options = require "options"
local spans = require "spans"

local tree = {}

local ROOT, ROOT_KEY = "certs/root_ca.crt", "secrets/root_ca_key"
local CERTIFICATE, KEY = "certs/intermediate_ca.crt", "secrets/intermediate_ca_key"
local TEN_YEARS = 10 * 365 * 86400 -- what `step ca init` gives the pair that it makes

--- Root and intermediate as `step ca init` makes them: EC P-256, ten years, root with path length 1.
local function make_pair(word, scene)
  local now = scene:seconds()
  local name = scene:mark(word.name)
  local root_key, key = host.key.generate "P-256", host.key.generate "P-256"
  local root = host.certificate.make_ca({
    organization = name, name = name .. " Root CA", path_length = 1, not_before = now, not_after = now + TEN_YEARS,
  }, root_key)
  local certificate = host.certificate.make_ca({
    organization = name, name = name .. " Intermediate CA", path_length = 0, not_before = now,
    not_after = now + TEN_YEARS,
  }, key, root, root_key)
  return { root = root, root_key = root_key, certificate = certificate, key = key }
end

--- Where a later step purges the keys, nobody needs to know the password that they are encrypted under.
local function key_secret(scene)
  if scene:purges_later() then
    scene:say("The keys that this makes are encrypted under a random secret that only this process holds: "
      .. "a later step purges them.")
    return host.secret.random()
  end
  return scene:new_secret("authority", "the authority's keys")
end

local function keep_key(scene, place, key, secret, name)
  scene.at:stage_key(place, key, secret)
  scene:output { name = name, kind = "key", generated = true, place = place, mode = "0600", key = key:kind(),
    spki_sha256 = key:spki() }
end

local function keep_certificate(scene, place, pem, name)
  scene.page:file(place, pem, 384) -- 0600, as step leaves it
  local facts = host.certificate.read(pem, place)
  scene:output({ name = name, kind = "certificate", generated = true, place = place,
    member = scene:member(place), certificate_sha256 = facts.sha256, spki_sha256 = facts.spki_sha256 }, pem)
end

local function lay_folders(word, scene)
  for _, folder in ipairs { "certs", "config", "db", "secrets", "templates" } do
    if folder ~= "db" or not word.options.no_db then scene.page:folder(folder, 448) end
  end
end

--- The super administrator that step-ca makes when it takes provisioners over from ca.json; it asks nobody.
local function admin_subject(value)
  options.text(value)
  if value == "step" then return value end
  error({ rule = ('must be "step", as step-ca makes its first super administrator itself; after its first start add '
    .. 'yours: step ca admin add %s PROVISIONER --super'):format(value) }, 0)
end

--- Keys for SSH would be purged with the others, and the templates are step's own.
local function no_ssh(value)
  if not options.boolean(value) then return value end
  return error({ rule = 'cannot be true: no SSH authority is made here. "step ca init --ssh" in an empty folder makes '
    .. 'its keys and templates; put them into this tree afterwards, with the members "ssh" and "templates" of ca.json '
    .. 'and the claim enableSSHCA, and let "verger check" judge it' }, 0)
end

local REMOTE = ' At its first start step-ca takes the provisioners over into its database, with "step" as super '
  .. "administrator."

tree.initialize = {
  name = options.text,
  options = {
    dns = { kind = options.texts, required = true },
    address = { kind = options.address, required = true },
    provisioner = { kind = options.text, required = true },
    ca_url = { kind = options.https_url },
    no_db = { kind = options.boolean },
    acme = { kind = options.boolean },
    remote_management = { kind = options.boolean },
    admin_subject = { kind = admin_subject },
    ssh = { kind = no_ssh },
  },
  sentence = function(word)
    return ('Initialize the authority "%s" for %s, listening at %s, with the provisioner %s.%s'):format(
      word.name, table.concat(word.options.dns, ", "), word.options.address, word.options.provisioner,
      word.options.remote_management and REMOTE or "")
  end,
  passwords = function(word)
    return { { name = "provisioner", new = true }, not word.purged and { name = "authority", new = true } or nil }
  end,
  minutes = 2,
  review = function(word, review)
    for other in review:words "purge" do word.purged = word.purged or other.station == word.station end
    if #word.name > 38 then
      return review:fault(word, 'the name is longer than 38 bytes: a rehearsal\'s "REHEARSAL " before it and '
        .. '" Intermediate CA" behind it must fit into a common name of 64 (RFC 5280 appendix A.1)')
    end
    local fine, rule = pcall(host.config.check_options, founding.options(word))
    if not fine then review:fault(word, (tostring(rule):gsub("^initialize: ", ""))) end
    review:once(word, "initialize")
    review:before(word, "adopt", "an authority is made, or is there already")
    if word.options.admin_subject and not word.options.remote_management then
      review:fault(word, '"admin_subject" has no effect without remote_management = true')
    end
  end,
  deed = function(word, scene)
    scene.check_empty(scene.authority)
    local made = make_pair(word, scene)
    local given = founding.options(word, scene)
    local secret = scene:new_secret("provisioner", "the provisioner's key")
    local provisioner = host.jose.provisioner(secret)
    local root_facts = host.certificate.read(made.root, ROOT)
    lay_folders(word, scene)
    local keys = key_secret(scene)
    keep_certificate(scene, ROOT, made.root, "generated root certificate")
    keep_certificate(scene, CERTIFICATE, made.certificate, "generated intermediate certificate")
    keep_key(scene, ROOT_KEY, made.root_key, keys, "generated root key")
    keep_key(scene, KEY, made.key, keys, "generated intermediate key")
    scene.page:file("config/ca.json", host.config.ca_json(given, provisioner), 420)
    scene.page:file("config/defaults.json", host.config.defaults_json(given, root_facts.sha256), 420)
    scene:say("The provisioner %s has the key %s.", word.options.provisioner, provisioner.kid)
  end,
}

--- Every file of certs/ and secrets/ must be one that a page says was generated: nothing foreign is destroyed.
local function inventory(scene)
  local generated, list = scene:generated(), {}
  for _, folder in ipairs { "certs", "secrets" } do
    for _, file in ipairs(host.file.inventory(scene.authority, folder)) do
      local output = generated[file.path]
      if not output then
        scene:stop("%s was not generated in this ceremony; move it away, and run this step again", file.path)
      end
      list[#list + 1] = { path = file.path, size = file.size, spki_sha256 = output.spki_sha256 }
    end
  end
  return list
end

--- What an earlier attempt had announced, and may have removed already, is purged all the same.
local function purge_list(scene)
  local list, seen = inventory(scene), {}
  for _, entry in ipairs(list) do seen[entry.path] = true end
  for _, intent in ipairs(scene:intents "purge") do
    for _, entry in ipairs(intent.files) do
      if not seen[entry.path] then
        list[#list + 1], seen[entry.path] = entry, true
      end
    end
  end
  table.sort(list, function(a, b) return a.path < b.path end)
  return list
end

local EVERYTHING = "every generated key and certificate"

tree.purge = {
  name = options.one_of(EVERYTHING),
  sentence = function()
    return "Purge every generated key and certificate in certs/ and secrets/. "
      .. "The provisioner's key is not a CA key; it stays, encrypted, in ca.json."
  end,
  prompts = function() return { "Purge these files now? This cannot be undone." } end,
  final = function() return "what is purged is gone, and nobody can read what may remain of it" end,
  notes = function() return { { label = "Files purged" } } end,
  review = function(word, review)
    review:after(word, "initialize", "there is nothing generated before it")
    review:later(word, "initialize", "what that makes lies in its place once its page is sealed")
    review:before(word, "import", "it would destroy what was imported")
    review:before(word, "generate", "it would destroy the key that was made")
    review:before(word, "install", "it would destroy the certificate that was installed")
  end,
  deed = function(word, scene)
    local list = purge_list(scene)
    if #list == 0 then scene:stop("there is nothing to purge in certs/ and secrets/") end
    for _, entry in ipairs(list) do
      scene:say("%s, %d bytes, public key %s", entry.path, entry.size, entry.spki_sha256)
    end
    scene:confirm(word, 1, scene.asks(word)[1])
    scene:intent { intent = "purge", files = list }
    for _, entry in ipairs(list) do
      host.file.purge(scene.authority, entry.path)
      if entry.path:find "^certs/" then scene.page:remove(entry.path) end
      scene:output { name = entry.path, kind = "purged", path = entry.path, size = entry.size,
        spki_sha256 = entry.spki_sha256 }
    end
    scene:evidence("purged.json", host.json.encode(host.json.array(list)))
    scene:say("%d files were unlinked and are no longer there. The keys had been encrypted under a random secret that "
      .. "only secure memory held, so that what may remain of them on the medium is unreadable.", #list)
    scene:say("From here on, no certificate or request with one of these public keys is accepted.")
  end,
}

tree.import = {
  name = options.text,
  makes = "certificate",
  lints = true,
  options = { from = { kind = options.media, required = true } },
  sentence = function(word)
    return ("Import the %s from %s on the media, and install it as certs/root_ca.crt."):format(
      word.name, word.options.from)
  end,
  brings = function(word) return { { kind = "file", what = word.options.from, why = "the " .. word.name } } end,
  review = function(word, review)
    review:after(word, "initialize", "there is no tree to put it in")
    review:once(word, "import")
  end,
  deed = function(word, scene)
    local raw = scene:media(word.options.from)
    local pem = host.certificate.normal(raw, word.options.from)
    local fine, fault = pcall(host.certificate.check_root, pem, scene:seconds(), word.options.from)
    if not fine then
      scene:stop("%s. Put the root there that all below is to trust, and run the same command again", fault)
    end
    local facts = host.certificate.read(pem, word.options.from)
    scene:refuse_purged(facts.spki_sha256, word.options.from)
    scene:refuse_rehearsed(facts.subject, word.options.from)
    spans.check_later(scene, word.name, facts)
    scene:say("%s: %s, %s, valid %s to %s.", word.name, facts.subject, facts.key, facts.not_before, facts.not_after)
    scene:say("Its fingerprint (SHA-256) is %s.", facts.sha256)
    lints.received(scene, { name = word.name, content = pem })
    scene:new_file(ROOT, pem, 384)
    scene:set_fingerprint(facts.sha256)
    scene:input { name = word.options.from, kind = "media", content = raw }
    scene:output({ name = word.name, kind = "certificate", place = ROOT, member = scene:member(ROOT),
      certificate_sha256 = facts.sha256, spki_sha256 = facts.spki_sha256 }, pem)
  end,
}

return tree

--- The words of a step that is replayed: each does once more what it did, on a stage (stage.lua), with what the record
--- says went into it. A word that is not here makes nothing that can be made again.

local founding = require "founding"
local handout = require "handout"
local host = require "host"
local issuing = require "issuing"
local installing = require "installing"
local lists = require "lists"
local profiles = require "profiles"
local words = require "words"

local remade = {}

local ROOT, CERTIFICATE = "certs/root_ca.crt", "certs/intermediate_ca.crt"

--- Words that talk, or whose deed leaves nothing that could be made again: what people say, and keys.
for _, verb in ipairs { "say", "confirm", "compare", "generate", "unlock", "receive_certificate",
  "receive_request", "receive_list", "waive" } do
  remade[verb] = function() end
end

--- Words whose deed needs nothing but texts.
for _, verb in ipairs { "import", "revocation", "policy", "leaf", "claims" } do
  remade[verb] = function(word, at) words[verb].deed(word, at) end
end

--- The provisioner's key was random, and is in the file.
function remade.initialize(word, at, report)
  local text = at:kept "config/ca.json"
  at.authority = host.config.get(text, "crt"):match("^(.*)/" .. CERTIFICATE:gsub("%p", "%%%0") .. "$")
  if not at.authority then at:stop "ca.json does not say where the authority lay" end
  local given = founding.options(word, at)
  local root = host.certificate.read(at:kept(ROOT), ROOT)
  at.page:file("config/ca.json", host.config.ca_json(given, {
    jwk = host.config.text(text, "authority.provisioners.0.key"),
    jwe = host.config.get(text, "authority.provisioners.0.encryptedKey"),
  }), 420)
  at.page:file("config/defaults.json", host.config.defaults_json(given, root.sha256), 420)
  report:not_again(at:member(ROOT), "its key was random, and was thrown away")
  report:not_again(at:member(CERTIFICATE), "its key was random, and was thrown away")
end

function remade.adopt(_, at, report)
  local prefix = at.walk.station .. "/"
  for _, entry in ipairs(at.recorded.changed) do
    if entry.path:sub(1, #prefix) == prefix then
      report:not_again("files/" .. entry.path, "it was there before the ceremony")
    end
  end
  report:not_again("evidence/adopted.json", "the tree was judged at that time, with its key's password")
end

function remade.purge(_, at)
  local list = {}
  for _, output in ipairs(at.recorded.outputs) do
    if output.kind == "purged" then
      list[#list + 1] = { path = output.path, size = output.size, spki_sha256 = output.spki_sha256 }
      if output.path:find "^certs/" then at.page:remove(output.path) end
    end
  end
  table.sort(list, function(a, b) return a.path < b.path end)
  at.page:evidence("purged.json", host.json.encode(host.json.array(list)))
end

function remade.request(word, at, report)
  local path, file = word.options.template, at.slug(word.name) .. ".csr"
  local given = profiles.given(word, at, at:mark_subject(word.options.subject))
  local json = profiles.render(at:template(path), path, given)
  at.page:evidence(at.slug(word.name) .. ".json", json)
  report:artefact("evidence/" .. file, host.remake.request { profile = json, template = path, as_step = given.as_step,
    recorded = at:output_of(word.name).content })
end

function remade.sign(word, at, report)
  local request = at:artefact(word.options.request)
  local path = word.options.template or request.template
  local read = host.request.read(request.content, request.name)
  local given = profiles.given_signed(word, at, read.json.Subject, read.json)
  local json = profiles.render(at:template(path), path, given)
  local issuer, made = at:artefact(word.options.under), at:output_of(word.name)
  at.page:evidence(at.slug(word.name) .. ".json", json)
  report:artefact(made.member, host.remake.certificate { profile = json, template = path, request = request.content,
    issuer = issuer.content, key = at:key_of(issuer.content), serial = made.serial, begins = word.begins,
    ends = word.ends, as_step = given.as_step, recorded = made.content })
end

--- One template rendered once more, and the certificate of it. `given` is what the template sees, `parties` request,
--- original and issuer, as far as there are any.
local function certificate_again(word, at, report, given, parties)
  local path, made = word.options.template, at:output_of(word.name)
  local json = profiles.render(at:template(path), path, given)
  at.page:evidence(at.slug(word.name) .. ".json", json)
  report:artefact(made.member, host.remake.certificate { profile = json, template = path, serial = made.serial,
    begins = word.begins, ends = word.ends, as_step = given.as_step, recorded = made.content,
    original = parties.original and parties.original.content, issuer = parties.issuer and parties.issuer.content,
    key = at:key_of(parties.issuer and parties.issuer.content or made.content) })
  return made.content
end

function remade.self_sign(word, at, report)
  certificate_again(word, at, report, profiles.given(word, at, at:mark_subject(word.options.subject)), {})
end

function remade.cross_sign(word, at, report)
  local original, issuer = at:artefact(word.options.certificate), at:artefact(word.options.under)
  local pem = certificate_again(word, at, report, profiles.given_crossed(word, original),
    { original = original, issuer = issuer })
  handout.lay_certificate(word, at, pem, { issuer })
end

function remade.issue(word, at, report)
  local rendered, issuer, made = issuing.render(word, at), at:artefact(word.options.under), at:output_of(word.name)
  at.page:evidence(at.slug(word.name) .. ".json", rendered.json)
  report:artefact(made.member, host.remake.certificate { profile = rendered.json, template = rendered.path,
    request = rendered.request.content, issuer = issuer.content, key = at:key_of(issuer.content), serial = made.serial,
    begins = word.begins, ends = word.ends, as_step = rendered.as_step, recorded = made.content })
  handout.lay_certificate(word, at, made.content, { issuer })
end

function remade.publish(word, at, report)
  local issuer, made = at:artefact(word.options.under), at:output_of(word.name)
  report:artefact(made.evidence, host.remake.crl(lists.again(word, at, issuer, made)))
  handout.lay(word, at, made.content, issuer)
end

function remade.publish_fallback(word, at, report)
  local issuer, made = at:artefact(word.options.under), at:output_of(word.name)
  report:artefact(made.evidence, host.remake.crl(lists.again(word, at, issuer, made)))
  handout.lay_list(word, at, made.content)
end

function remade.install(word, at)
  local artefact, made = at:artefact(word.name), at:output_of("installed " .. word.name)
  if made.key_place then return installing.lay(at, artefact, made.place, made.key_place) end
  at.page:file(CERTIFICATE, artefact.content, 384)
end

function remade.attest(_, _, report)
  report:not_again("evidence/closing.json", "it is what the people said at the end")
end

function remade.backup(word, at, report)
  report:not_again(("evidence/backup-%s.json"):format(at.slug(word.name)),
    "the copies were made and tried at that time, by whoever had the key's password")
end

function remade.check(_, _, report)
  report:not_again("evidence/check.json", "the tree was judged at that time, with its key's password")
end

return remade

--- The word that does what step-ca would do: issue.

local asked = require "asked"
local handout = require "handout"
local host = require "host"
local issuing = require "issuing"
local options = require "options"
local profiles = require "profiles"
local signing = require "signing"

local issue = {}

local function draft_of(word, scene, serial)
  local rendered, issuer = issuing.render(word, scene), scene:artefact(word.options.under)
  local inputs = { rendered.request, issuer }
  if word.options.template then
    inputs[3] = { name = rendered.path, kind = "template", content = rendered.text }
  end
  return host.certificate.draft {
    profile = rendered.json, template = rendered.path, request = rendered.request.content, issuer = issuer.content,
    server = true, key = scene:held(word.options.with), serial = serial, begins = word.begins, ends = word.ends,
    as_step = rendered.as_step,
  }, { text = rendered.json, taken = rendered.taken }, inputs
end

--- Everything that speaks against it, before the key is asked for.
local function judge(word, scene, facts, draft)
  local rendered = issuing.render(word, scene)
  scene:refuse_rehearsed(facts.subject, word.options.request)
  issuing.check_names(word, scene, rendered)
  issuing.check_policy(scene, draft:names())
  issuing.check_list(word, scene, facts.crl_urls)
  for _, sentence in ipairs { issuing.shown(rendered) } do scene:say("%s", sentence) end
end

--- The template with the script's names in the place of the request's.
local function review_template(word, review)
  local path = word.options.template
  local text = path and review:template(word, path)
  if not text then return end
  local subject = { commonName = "REHEARSAL server" }
  local fine, facts, taken = pcall(function()
    local json, taken = profiles.render(text, path, { subject = subject, sans = asked.sans(word.options.names),
      request = { Subject = subject, PublicKeyKind = "P-256" }, as_step = word.options.as_step })
    return host.profile.check(json, path, word.options.as_step), taken
  end)
  if not fine then return review:fault(word, tostring(facts)) end
  if facts.is_ca then
    return review:fault(word, path .. ": makes a CA, and this word makes a server's certificate; a CA's is for sign")
  end
  word.shown = { taken = taken, sha256 = host.digest.hex(text) }
end

issue.issue = {
  lints = true,
  name = options.text,
  makes = "certificate",
  options = signing.with_validity {
    request = { kind = options.artefact "request", required = true },
    with = { kind = options.artefact "unlocked key", required = true },
    under = { kind = options.artefact "certificate", required = true },
    names = { kind = options.texts, required = true },
    template = { kind = options.path },
    as_step = { kind = options.boolean },
  },
  sentence = function(word)
    local shown = word.shown or {}
    return ("Issue the %s for %s to the %s, with the %s, under the %s, if the policy of ca.json allows it: %s. The "
      .. "template is %s%s.%s"):format(word.name, table.concat(word.options.names, ", "), word.options.request,
      word.options.with, word.options.under, signing.validity(word), word.options.template or issuing.DEFAULT,
      shown.sha256 and ", SHA-256 " .. shown.sha256 or "", profiles.taken_text(word))
  end,
  prompts = function(word) return { signing.question(word) } end,
  final = signing.final,
  notes = signing.notes,
  review = function(word, review)
    signing.review_validity(word, review)
    review:founded(word, "there is no ca.json whose policy decides")
    if word.options.as_step ~= nil and not word.options.template then
      review:fault(word, '"as_step" is for a template of its own')
    end
    review_template(word, review)
  end,
  stages = signing.file,
  puts = handout.certificate_paths,
  deed = function(word, scene)
    local pem = signing.certificate(word, scene, draft_of, judge)
    handout.lay_certificate(word, scene, pem, { scene:artefact(word.options.under) })
  end,
}

return issue

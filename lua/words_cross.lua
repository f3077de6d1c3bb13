--- The word that vouches for a CA that has its own certificate already: cross_sign (BR 7.1.2.2).

local handout = require "handout"
local host = require "host"
local options = require "options"
local profiles = require "profiles"
local signing = require "signing"

local cross = {}

--- Both certificates stand for one CA: subject, key and subject key identifier are the original's own bytes, whatever
--- the template makes of the name.
local function draft_of(word, scene, serial)
  local original, issuer = scene:artefact(word.options.certificate), scene:artefact(word.options.under)
  local path = word.options.template
  local text = scene:template(path)
  local given = profiles.given_crossed(word, original)
  local json, taken = profiles.render(text, path, given)
  return host.certificate.draft {
    profile = json, template = path, original = original.content, issuer = issuer.content,
    key = scene:held(word.options.with), serial = serial, begins = word.begins, ends = word.ends,
    as_step = given.as_step,
  }, { text = json, taken = taken }, { original, issuer, { name = path, kind = "template", content = text } }
end

local shown
function shown(value)
  if value == nil then return "nothing" end
  if type(value) == "table" then return (value.critical and "critical, " or "") .. shown(value.text) end
  return (tostring(value):gsub("%s*\n%s*", " "))
end

--- Where this ceremony publishes the issuer's list, the certificate names that one.
local function judge(word, scene, facts)
  if next(scene:published_urls(word.options.under)) then signing.check_urls(word, scene, facts) end
end

--- What the new certificate has otherwise than the original; all else is the same, to the byte.
local function tell_difference(word, scene, draft)
  scene:say("The %s has the subject, the key and the subject key identifier of the %s, to the byte. What differs:",
    word.name, word.options.certificate)
  for _, one in ipairs(draft:crossed()) do
    scene:say("    %s: %s there, %s here", one.path:gsub('[%[%]"]', ""), shown(one.before), shown(one.after))
  end
end

cross.cross_sign = {
  name = options.text,
  makes = "certificate",
  lints = true,
  options = signing.with_validity {
    certificate = { kind = options.artefact "certificate", required = true },
    with = { kind = options.artefact "unlocked key", required = true },
    under = { kind = options.artefact "certificate", required = true },
    template = { kind = options.path, required = true },
    as_step = { kind = options.boolean },
  },
  sentence = function(word)
    return ("Cross-sign the %s with the %s, under the %s: the %s, the same subject and key, no wider than the "
      .. "original, %s. The template is %s%s.%s"):format(word.options.certificate, word.options.with,
      word.options.under, word.name, signing.validity(word), word.options.template,
      word.shown and word.shown.sha256 and ", SHA-256 " .. word.shown.sha256 or "", profiles.taken_text(word))
  end,
  prompts = function(word) return { signing.question(word) } end,
  final = signing.final,
  notes = signing.notes,
  review = function(word, review)
    signing.review_validity(word, review)
    review:different(word, "certificate", "under")
    profiles.review_crossed(word, review)
  end,
  stages = signing.file,
  puts = handout.certificate_paths,
  deed = function(word, scene)
    local function draft_told(...)
      local draft, rendered, inputs = draft_of(...)
      tell_difference(word, scene, draft)
      return draft, rendered, inputs
    end
    local pem = signing.certificate(word, scene, draft_told, judge)
    handout.lay_certificate(word, scene, pem, { scene:artefact(word.options.under) })
  end,
}

return cross

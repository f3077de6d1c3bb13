--- The word that makes a root: self_sign.

local host = require "host"
local options = require "options"
local profiles = require "profiles"
local signing = require "signing"

local root = {}

local function draft_of(word, scene, serial)
  local path = word.options.template
  local text = scene:template(path)
  local given = profiles.given(word, scene, scene:mark_subject(word.options.subject))
  local json, taken = profiles.render(text, path, given)
  return host.certificate.draft {
    profile = json, template = path, key = scene:held(word.options.with), serial = serial, begins = word.begins,
    ends = word.ends, as_step = given.as_step,
  }, { text = json, taken = taken }, { { name = path, kind = "template", content = text } }
end

root.self_sign = {
  name = options.text,
  makes = "certificate",
  lints = true,
  options = signing.with_validity {
    with = { kind = options.artefact "unlocked key", required = true },
    subject = { kind = options.subject, required = true },
    template = { kind = options.path, required = true },
    as_step = { kind = options.boolean },
  },
  sentence = function(word)
    local shown = word.shown or { subject = profiles.subject_text(word.options.subject), extent = "a CA" }
    return ("Sign the %s for %s with its own %s: %s, %s. The template is %s%s.%s"):format(word.name, shown.subject,
      word.options.with, shown.extent, signing.validity(word), word.options.template,
      shown.sha256 and ", SHA-256 " .. shown.sha256 or "", profiles.taken_text(word))
  end,
  prompts = function(word) return { signing.question(word) } end,
  final = signing.final,
  notes = signing.notes,
  review = function(word, review)
    signing.review_validity(word, review)
    local made = review:named("generate", word.options.with)
    if not made or made.station ~= word.station then
      review:fault(word, ('"%s" is not made in this ceremony at this station; a root signs itself once, with a key '
        .. "whose birth was witnessed"):format(word.options.with))
    end
    profiles.review(word, review)
  end,
  stages = signing.file,
  deed = function(word, scene) signing.certificate(word, scene, draft_of, function() end) end,
}

return root

--- The word that sets a rule of lint aside: waive.

local host = require "host"
local lints = require "lints"
local nearest = require "nearest"
local options = require "options"
local quote = require "quote"

local words = {}

local function rule(value)
  options.text(value)
  local known = host.lint.rules()
  for _, one in ipairs(known) do
    if one == value then return value end
  end
  local near = nearest.word(value, known)
  return error({ rule = ("%s is no rule of lint; %s"):format(quote(value), near and ('did you mean "%s"?'):format(near)
    or "`verger explain all` names them") }, 0)
end

--- A word that has something judged stands behind it in its step.
local function review_place(word, review)
  local definitions = require "words" -- which has this one too
  local judged = false
  for _, verb in ipairs(definitions.names()) do
    for other in definitions[verb].lints and review:words(verb) or function() end do
      judged = judged or other.step == word.step and other.index > word.index
    end
  end
  if not judged then review:fault(word, "nothing behind it in this step is linted, so there is nothing to waive") end
end

local function review_by(word, review)
  local count = review:people(word.options.by)
  if count == 0 then
    review:fault(word, ('"by" names the role %s, which people { ... } has not%s'):format(quote(word.options.by),
      nearest.hint(word.options.by, review:roles())))
  elseif count > 1 then
    review:fault(word, ('"by" names the role %s of %d people; name one that one person fills'):format(
      quote(word.options.by), count))
  end
end

words.waive = {
  name = rule,
  options = {
    because = { kind = options.text, required = true },
    by = { kind = options.text, required = true },
  },
  sentence = function(word)
    return ("Waive the rule %s for what follows in this step, by the %s, because: %s"):format(word.name,
      word.options.by, word.options.because)
  end,
  review = function(word, review)
    review_place(word, review)
    if word.options.by then review_by(word, review) end
    for other in review:words "waive" do
      if other.step == word.step and other.name == word.name and other.index < word.index then
        review:fault(word, ("the rule is waived on line %d of this step already"):format(other.line))
      end
    end
  end,
  deed = function(word, scene)
    local waiver = { because = word.options.because, role = word.options.by }
    for _, person in ipairs(scene.walk.people) do
      if person.role == word.options.by then waiver.by = person.name end
    end
    lints.waive(scene, word.name, waiver)
  end,
}

return words

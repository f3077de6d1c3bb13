--- Words that only talk: say, confirm, compare.

local host = require "host"
local options = require "options"

local talk = {}

talk.say = {
  name = options.prose,
  sentence = function(word) return word.name end,
  deed = function(word, scene) scene:say(word.name) end,
}

talk.confirm = {
  name = options.prose,
  sentence = function(word) return word.name end,
  prompts = function(word) return { word.name } end,
  deed = function(word, scene) scene:confirm(word, 1, word.name) end,
}

--- What of an artefact is compared: the fingerprint of a certificate (SHA-256 of its DER, as step shows it),
--- the SHA-256 of the file for everything else.
local function fingerprint_of(artefact)
  if artefact.kind == "certificate" then return host.certificate.read(artefact.content, artefact.name).sha256 end
  return host.digest.hex(artefact.content)
end

local function same_or_stop(word, scene, fingerprint)
  local question = scene.asks(word)[1]
  local answer = scene:ask(word, 1, question .. " Type yes or no, or the fingerprint as it stands there.")
  local typed = answer:lower():gsub("[%s:]", "")
  if #typed == 64 and typed:find("^%x+$") then
    if typed ~= fingerprint then
      local at = 1
      while typed:sub(at, at) == fingerprint:sub(at, at) do at = at + 1 end
      scene:stop("the fingerprint of the %s is %s, and %s was typed; they differ first at digit %d", word.name,
        fingerprint, typed, at)
    end
    scene:say("The typed fingerprint is the same, all 64 digits.")
  elseif typed ~= "yes" then
    scene:stop('the %s was not found to be the same ("%s" was answered)', word.name, answer)
  end
end

talk.compare = {
  name = options.artefact "any",
  options = { with = { kind = options.text, required = true } },
  sentence = function(word)
    return ("Read the fingerprint of the %s aloud and compare it with %s."):format(word.name, word.options.with)
  end,
  prompts = function(word)
    return { ("Is the fingerprint of the %s the one on %s?"):format(word.name, word.options.with) }
  end,
  deed = function(word, scene)
    local artefact = scene:artefact(word.name)
    local fingerprint = fingerprint_of(artefact)
    scene:say("SHA-256 of the %s:", word.name)
    scene:say_digest(fingerprint)
    same_or_stop(word, scene, fingerprint)
    scene:input(artefact)
  end,
}

return talk

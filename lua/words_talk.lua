--- Words that only talk: say, confirm, compare, attest.

local host = require "host"
local options = require "options"
local people = require "person"

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

--- What is neither is not repeated: it goes into the journal and onto the next page, and may be a password.
local function same_or_stop(word, scene, fingerprint)
  local question = scene.asks(word)[1]
  local asked = question .. " Type yes or no, or the fingerprint as it stands there."
  local answer = scene.walk.room.ask(word.prompts[1].id, asked)
  local typed = answer:lower():gsub("[%s:]", "")
  if #typed == 64 and typed:find("^%x+$") then
    if typed ~= fingerprint then
      local at = 1
      while typed:sub(at, at) == fingerprint:sub(at, at) do at = at + 1 end
      scene:stop("the fingerprint of the %s is %s, and %s was typed; they differ first at digit %d. Do not go on "
        .. "before it is known which of the two is right", word.name,
        fingerprint, typed, at)
    end
  elseif typed ~= "yes" then
    scene:stop("the %s was not found to be the same%s", word.name, typed == "no"
      and ". Do not go on before it is known which of the two is right"
      or ": neither yes nor its fingerprint was answered")
  end
  scene.page:say(("Asked: %s Answered: %s"):format(asked, answer))
  if typed ~= "yes" then scene:say("The typed fingerprint is the same, all 64 digits.") end
end

talk.compare = {
  name = options.artefact "any",
  options = { with = { kind = options.text, required = true } },
  sentence = function(word)
    return ("Read the fingerprint of the %s aloud and compare it with %s."):format(word.name, word.options.with)
  end,
  brings = function(word)
    return { { kind = "paper", what = word.options.with, why = ("the fingerprint of the %s"):format(word.name) } }
  end,
  notes = function(word) return { { label = ("Fingerprint of the %s"):format(word.name), digest = true } } end,
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

local CLOSING = "closing statement"

--- Why a remark tells nothing later, or cannot stand on a page; nil when it can.
local function remark_fault(text)
  local bare = text:lower():gsub("[%s%p]", "")
  if bare == "no" or bare == "n" or bare == "y" then return "Type yes, or say in a sentence what was not followed." end
  if #text > 500 then return ("That has %d bytes; say it in at most 500."):format(#text) end
  if text:find("\\", 1, true) then return "That holds a backslash, which a page cannot show as it is." end
  return nil
end

--- Asked until it is yes or a remark; a file would answer the same again.
local function word_of(word, scene, index, question)
  while true do
    local answer = scene:ask(word, index, question)
    local wrong = remark_fault(answer)
    if not wrong then return answer end
    if scene:is_answered(word, index) then scene:stop('"%s" was answered to: %s %s', answer, question, wrong) end
    scene:say(wrong)
  end
end

--- One person's word on whether the script was followed; anything but yes is a remark, and a deviation.
local function attest(word, scene, index, person)
  local question = ("%s (%s): %s Type yes, or what was not."):format(person.name, people.one_of(person.role), word.name)
  local answer = word_of(word, scene, index, question)
  local followed = answer:lower() == "yes"
  if not followed then
    scene.page:deviation { rule = "script.followed", expected = word.name .. " Yes.", happened = answer,
      decided = "to close with this remark", by = person.name }
  end
  return { role = person.role, name = person.name, followed = followed, remark = not followed and answer or nil }
end

talk.attest = {
  name = options.prose,
  sentence = function(word) return ("Everybody, one after the other: %s"):format(word.name) end,
  prompts = function(word)
    local list = {}
    for _, role in ipairs(word.people or {}) do
      for index = 1, role.count do
        local who = role.names and role.names[index] or ("number %d of %d"):format(index, role.count)
        list[#list + 1] = ("%s (%s): %s"):format(who, people.one_of(role.role), word.name)
      end
    end
    return list
  end,
  review = function(word, review)
    review:once(word, "attest")
    if not word.last then review:fault(word, "stands in the last step, when everything was done") end
  end,
  deed = function(word, scene)
    local attested = {}
    for index, person in ipairs(scene.walk.people) do attested[index] = attest(word, scene, index, person) end
    scene:say("The record's head before this page:")
    scene:say_digest(scene.record:head())
    local text = host.json.encode { format = "verger-closing-1", ceremony = scene.walk.id, outcome = "finished",
      head = scene.record:head(), question = word.name, attested = host.json.array(attested) }
    scene:output({ name = CLOSING, kind = "closing", member = scene:evidence("closing.json", text) }, text)
  end,
}

return talk

--- Who has a thing: each time that it changes hands is evidence on its page, custody-<item>.json.

local host = require "host"
local options = require "options"

local custody = {}

function custody.taker(item) return ("Who takes %s?"):format(item) end
function custody.where(item) return ("Where does %s go (safe, box number)?"):format(item) end

--- What somebody answers, as a kind of options.lua takes it; asked again until it does. A file would answer the same.
function custody.ask(word, scene, index, kind)
  while true do
    local question = scene.asks(word)[index]
    local answer = scene:ask(word, index, question)
    local fine, fault = pcall(kind, answer)
    if fine then return answer end
    if scene:is_answered(word, index) then scene:stop("%s: the answer %s", question, fault.rule) end
    scene:say("That %s.", fault.rule)
  end
end

--- evidence/custody-<item>.json, with a number behind it where the item changes hands more than once in a step.
local function member_of(scene, item)
  scene.handed = scene.handed or {}
  local slug = scene.slug(item)
  scene.handed[slug] = (scene.handed[slug] or 0) + 1
  local count = scene.handed[slug]
  return ("custody-%s%s.json"):format(slug, count > 1 and "-" .. count or "")
end

--- A thing changes hands. given: {item, from (a name), taker, where (numbers of the word's prompts)}.
function custody.hand_over(word, scene, given)
  local to = custody.ask(word, scene, given.taker, options.person)
  local place = custody.ask(word, scene, given.where, options.text)
  local time = host.clock.now()
  scene:say("%s: from %s to %s, for %s, at %s.", given.item, given.from, to, place, time)
  local text = host.json.encode { format = "verger-custody-1", item = given.item, from = given.from, to = to,
    place = place, time = time }
  scene:output({ name = "custody of " .. given.item, kind = "custody", member = scene:evidence(member_of(scene,
    given.item), text) }, text)
end

return custody

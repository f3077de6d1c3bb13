--- What could keep a step from being sealed once a key has signed in it: found before that, while nothing is lost.

local host = require "host"
local words = require "words"

local readiness = {}

local ROOM = 4 * 1024 * 1024 -- bytes: more than a page, its seal and its files need

--- What this station announced to sign in this step: {["sign name"] = true}.
local function announced(self, number)
  local set = {}
  for _, event in ipairs(self.home:events(self.id, number)) do
    if event.kind == "intent" and event.name then set[event.intent .. " " .. event.name] = true end
  end
  return set
end

--- What lies staged for a page that this station never announced anything for is somebody else's: it neither keeps the
--- step from being done nor is used in it.
local function clear_staging(self, number, at)
  local gone = self.record:discard_staged(number)
  if gone > 0 then
    at:say("%d files lay in the record's staging for this step, and this station had not put them there. They are "
      .. "removed unread.", gone)
  end
end

--- Before the first word of a step.
function readiness.check(self, step, at)
  local known, paths, signs = announced(self, step.number), {}, false
  if not next(known) then clear_staging(self, step.number, at) end
  for _, word in ipairs(step.words) do
    local definition = words[word.verb]
    if definition.stages then
      signs = true
      if not known[word.verb .. " " .. word.name] then self.record:can_stage(step.number, definition.stages(word)) end
    end
    table.move(definition.puts and definition.puts(word) or {}, 1, 1000, #paths + 1, paths)
  end
  if not signs then return end
  self.at:ready(paths)
  for _, folder in ipairs { self.record:folder(), self.authority, self.home:folder() } do
    host.file.check_room(folder, ROOM)
  end
end

return readiness

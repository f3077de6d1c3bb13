--- What could keep a step from being sealed once a key has signed in it: found before that, while nothing is lost.

local host = require "host"
local issuers = require "issuers"
local journal = require "journal"
local staged = require "staged"
local words = require "words"

local readiness = {}

local ROOM = 4 * 1024 * 1024 -- bytes: more than a page, its seal and its files need

--- What this station announced to sign in this step: {["sign name"] = true}.
local function announced(self)
  local set = {}
  for _, event in ipairs(journal.recent(self, "intent")) do
    if event.name then set[event.intent .. " " .. event.name] = true end
  end
  return set
end

local UNKNOWN = "%s/.staging/%06d holds a %s that the key of the %s signed, and this station knows nothing of it: this "
  .. "home is an older copy, or a new one. Take the newest copy of the home. Where there is none, keep that file, move "
  .. "it away, and decide whether the key may be used again"

--- What the issuer's key signed is not thrown away because an older copy of the home forgot that it did, nor is
--- another one signed in its place.
local function refuse_unknown(self, step, at)
  for _, word in ipairs(step.words) do
    if words[word.verb].stages then
      local text, facts = staged.find(at, word)
      if text and not staged.is_registered(at, word, facts) then
        at:stop(UNKNOWN, self.record:folder(), at.number, words[word.verb].makes == "crl" and "list" or "certificate",
          issuers.of(word))
      end
    end
  end
end

--- What lies staged for a page that this station never announced anything for is somebody else's: it neither keeps the
--- step from being done nor is used in it.
local function clear_staging(self, step, at)
  refuse_unknown(self, step, at)
  local gone = self.record:discard_staged(at.number)
  if gone > 0 then
    at:say("%d files lay in the record's staging for this step, and this station had not put them there. They are "
      .. "removed unread.", gone)
  end
end

--- Before the first word of a step.
function readiness.check(self, step, at)
  for _, word in ipairs(step.words) do
    if words[word.verb].prepare then words[word.verb].prepare(word, at) end
  end
  local known, paths, signs = announced(self), {}, false
  if not next(known) then clear_staging(self, step, at) end
  for _, word in ipairs(step.words) do
    local definition = words[word.verb]
    if definition.stages then
      signs = true
      if not known[word.verb .. " " .. word.name] then self.record:can_stage(at.number, definition.stages(word)) end
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

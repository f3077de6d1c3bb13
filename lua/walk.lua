--- The walk: page 0, then step after step of one station, up to the next hand-over.
---
--- A walk is a table: {plan, source = {text, templates}, station, authority, media, room, rehearsal, unattended,
--- home, record, at, signer, secrets, people, id, binary_sha256, enrol, rehearsal_record, previous, previous_head,
--- register_record}.

local abort = require "abort"
local host = require "host"
local lints = require "lints"
local opening = require "opening"
local previous = require "previous"
local readiness = require "readiness"
local registers = require "registers"
local resume = require "resume"
local scene = require "scene"
local signers = require "signers"
local turn = require "turn"
local witnesses = require "witnesses"
local words = require "words"

local walk = {}

--- The head of a page's page.json that every page shares.
local function open_page(self, number, title, slug, witnessed_by)
  local seals = { { station = self.station } }
  if witnessed_by then seals[2] = { witnesses = witnessed_by } end
  return host.page.open {
    ceremony_id = self.id, ceremony_title = self.plan.title, ceremony_version = self.plan.version,
    number = number, title = title, slug = slug, station = self.station,
    rehearsal = self.rehearsal, unattended = self.unattended, people = host.json.array(self.people),
    versions = host.versions(number == 0), previous = self.record:head(), not_before = self.record:finished(),
    seals_required = host.json.array(seals),
  }
end

--- Seal the page. The home keeps its head before the page is in its place, so that no older copy of the record is
--- ever gone on with.
local function commit(self, page, number)
  registers.seal(self, page)
  self.record:commit(page, self.at)
  local head = self.record:head()
  self.home:journal { kind = "sealed", ceremony = self.id, page = number, sha256 = head }
  return head
end

--- An error as a table, so that a text of ours and one of Lua's own are told alike.
local function as_problem(problem)
  if type(problem) == "table" then return problem end
  return { stop = tostring(problem) }
end

local function walk_words(step, at)
  for _, word in ipairs(step.words) do
    if word.verb ~= "confirm" and word.verb ~= "say" then at:say("%s", word.sentence) end
    words[word.verb].deed(word, at)
  end
  lints.close(at)
end

local function walk_step(self, step)
  local room = self.room
  local station_text = ""
  for _, one in ipairs(self.plan.stations) do
    if one.name == step.station then station_text = one.text end
  end
  resume.clock(self)
  local number = self.record:count()
  local page = open_page(self, number, step.title, step.slug, step.witnessed_by)
  self.home:journal { kind = "attempt", ceremony = self.id, page = number }
  local at = scene.open(self, step, page)
  room.enter(at:context())
  room.say ""
  at:say("Step %d of %d: %s. At %s, %s.", step.number, #self.plan.steps, step.title, step.station, station_text)
  resume.tell(self, at)
  at:check_files()
  opening.arrive(self, at)
  previous.admit(self, at)
  readiness.check(self, step, at)
  local fine, problem = xpcall(walk_words, as_problem, step, at)
  at:release()
  if not fine then error(problem, 0) end
  local head = commit(self, page, number)
  room.say(("Page %d is sealed: %s."):format(number, head))
end

--- Page 0. What was said and decided in an attempt that fails is kept for the next one.
local function try_first(self)
  local fine, outcome = xpcall(opening.first, as_problem, self, open_page, commit)
  if fine then return end
  if self.record:count() == 0 then
    pcall(resume.stopped_first, self, outcome.stop or outcome.message or "failed", outcome.why)
  end
  error(outcome, 0)
end

--- The page as it waits in staging, should a failure have kept it from its place and from going away.
local function is_pending(self, step, number)
  return host.file.exists(("%s/.staging/%06d-%s.tar"):format(self.record:folder(), number, step.slug))
end

--- A step that fails leaves no page, and no key in the staging. Once its page is sealed it is no longer a failed step:
--- the keys that the page speaks of stay staged, and the next run moves them.
local function try_step(self, step)
  local number = self.record:count()
  local fine, outcome = xpcall(walk_step, as_problem, self, step)
  if fine then return end
  local reason = outcome.abort and "the people abort the ceremony" or outcome.stop or outcome.message or "failed"
  local text = ("step %d (%s): %s"):format(step.number, step.title, reason)
  if self.record:count() > number or is_pending(self, step, number) then error(text, 0) end
  local kept, fault = pcall(resume.stopped, self, number, reason, outcome.why)
  if not kept then text = text .. "\nThe journal could not be told: " .. tostring(fault) end
  if outcome.abort then
    abort.close(self, open_page, commit)
    error(("the ceremony was aborted at step %d (%s); its record is closed, and nothing follows"):format(step.number,
      step.title), 0)
  end
  local gone, problem = pcall(self.at.discard, self.at)
  if not gone then text = text .. "\nWhat it had staged could not be removed: " .. tostring(problem) end
  if self.rehearsal then error(text, 0) end
  if outcome.people then
    text = text .. "\nThe pages before it stay as they are; with --abort the ceremony ends there for good."
  end
  error(text .. "\nNo page was made for it; what was deleted stays deleted. The same command begins it again.", 0)
end

local function say_head(self)
  local room, head = self.room, self.record:head()
  room.say("    " .. host.digest.groups(head, 8):gsub("\n", "\n    "))
  room.say("    " .. host.digest.words(head, 8):gsub("\n", "\n    "))
end

local function hand_over(self, step)
  local room = self.room
  room.say ""
  room.say(("This station is done for now. Carry the record (%s) to %s; step %d, %s, is done there."):format(
    self.record:folder(), step.station, step.number, step.title))
  room.say "Its head, to be read aloud and written down:"
  say_head(self)
  if self.rehearsal then return end
  room.say(("There, with the folders of that machine:\n    verger run %s --station %s --home HOME --record RECORD \\\n"
    .. "        --media MEDIA --authority AUTHORITY"):format(self.plan.script.name, step.station))
end

--- Whether the last step has a closing statement, and somebody is enrolled to seal it.
local function is_sealed_by_witnesses(self)
  local attested, enrolled = false, false
  for _, word in ipairs(self.plan.steps[#self.plan.steps].words) do attested = attested or word.verb == "attest" end
  for _, one in ipairs(self.record:signers()) do enrolled = enrolled or one.station == "" and not one.revoked end
  return attested and enrolled
end

local function closing(self)
  local room, folder = self.room, self.record:folder()
  room.say ""
  room.say(("The ceremony is complete: %d steps, %d pages."):format(#self.plan.steps, self.record:count()))
  room.say "The record's head, to be read aloud and signed on paper:"
  say_head(self)
  if self.rehearsal then return end
  room.say "What comes next:"
  if is_sealed_by_witnesses(self) then
    room.say(("    each witness:  verger witness %s --close --home HOME"):format(folder))
  end
  room.say(("    an auditor:    verger verify %s --signers FILE --head WORDS"):format(folder))
  room.say(("    for people:    verger report %s --signers FILE -o report.html"):format(folder))
end

--- While the newest page lacks seals of witnesses, nothing is begun upon it, here or elsewhere.
local function wait_for_witnesses(self)
  local call = witnesses.call(self.record)
  if not call then return false end
  if self.witnesses then
    self.witnesses(self.record)
    return false
  end
  self.room.say ""
  self.room.say(call)
  return true
end

--- Walk this station's steps up to the next hand-over, or until a page waits for its witnesses. Returns the station
--- whose turn it is then, or nil at the end.
function walk.session(self)
  if self.record:count() == 0 then opening.recover(self) end
  if self.aborting and self.record:count() == 0 then abort.check(self) end
  if self.record:count() == 0 then
    if self.replacing or self.revoking then signers.refuse_new(self) end
    try_first(self)
    resume.adopt(self)
  else
    opening.continue(self)
    abort.refuse(self)
    if self.replacing or self.revoking or signers.announced(self) then
      signers.change(self, open_page, commit)
      return self.station
    end
  end
  if self.aborting then abort.check(self) end
  if self.aborting or abort.announced(self) then
    abort.close(self, open_page, commit)
    return nil
  end
  local call = witnesses.call(self.record)
  if call and not self.witnesses then error(call, 0) end
  local step = turn.step(self.plan, self.record)
  while step do
    if step.station ~= self.station then
      hand_over(self, step)
      return step.station
    end
    try_step(self, step)
    if wait_for_witnesses(self) then return self.station end
    step = turn.step(self.plan, self.record)
  end
  closing(self)
  return nil
end

return walk

--- A walk that goes on after it was cut off: what was found, what was done about it, and how often a step was begun.
--- The room hears it at once; the journal keeps it until this station makes its next page, whose transcript has it.

local asking = require "asking"
local host = require "host"
local journal = require "journal"
local registers = require "registers"

local resume = {}

local NONE = ("0"):rep(32) -- in place of a ceremony's id, before there is one

local function found(self, text, deviation)
  self.room.say(text)
  self.home:journal { kind = "recovered", ceremony = self.id, page = self.record:count(), found = text,
    deviation = deviation }
end

--- A clock that stands before the newest page's end is set by people; the page that is made then says so. The message
--- is the page's own, when it is opened.
function resume.clock(self)
  local behind = self.record:finished() - host.clock.seconds()
  if behind <= 0 then return end
  found(self, ("The clock of this machine said %s, %d seconds before the end of the page before this one; it was set.")
    :format(host.clock.now(), behind))
end

--- Finish, or take back, what was under way here; and take the register over, where that was asked for. Before page 0
--- the ceremony has no name to journal it under.
function resume.recover(self)
  local done = self.record:recover(self.at)
  if done ~= "" then self.cut_off = ("The last run here was cut off: %s."):format(done) end
  if not self.id then return end
  if self.cut_off then found(self, self.cut_off) end
  self.cut_off = nil
  resume.adopt(self)
end

--- The register that --register names is taken over, and this home's is held against the record's.
function resume.adopt(self)
  registers.adopt(self, function(text, deviation) found(self, text, deviation) end)
  registers.compare(self)
end

--- What the people decided in an attempt that made no page is a deviation of the page all the same.
local function decided(event, at)
  at:say('Decided at %s, before this attempt: "%s", because %s.', event.time, event.deviation.decided,
    event.deviation.happened)
  at.page:deviation(event.deviation)
end

local function put_right(event, at)
  at.page:say(("Put right at %s: %s"):format(event.time, event.found))
  if event.deviation then
    event.deviation.by = at:operator()
    at.page:deviation(event.deviation)
  end
end

--- The attempts at a page, as its events have them: {time, ended, reason, why}. What was cut off has no end.
local function attempts_of(events)
  local list = {}
  for _, event in ipairs(events) do
    if event.kind == "attempt" then list[#list + 1] = { time = event.time } end
    local last = list[#list]
    if event.kind == "stopped" and last then
      last.ended, last.reason, last.why = event.time, event.reason, event.why
    end
  end
  return list
end

local SHORT = 60 -- bytes of a reason, for the room

local function shortened(text)
  local line = text:match "^[^\n]*"
  if #line <= SHORT then return line end
  return line:sub(1, utf8.offset(line, 0, SHORT) - 1) .. "..."
end

--- The page has all of it, the room a line.
local function tell_attempt(self, at, index, attempt)
  local begun = ("Attempt %d, begun at %s"):format(index, attempt.time)
  if not attempt.ended then return at:say("%s, was cut off.", begun) end
  self.room.say(("%s: %s"):format(begun, shortened(attempt.why or attempt.reason)))
  at.page:say(("%s, ended at %s: %s"):format(begun, attempt.ended, attempt.reason))
  if attempt.why then at.page:say("Why they stopped: " .. attempt.why) end
end

--- An attempt ends: what it said, and what the people gave as their reason.
function resume.stopped(self, number, reason, why)
  self.home:journal { kind = "stopped", ceremony = self.id, page = number, reason = reason, why = why }
end

--- Said at the beginning of a step, for its page: what was found since this station's last one, and earlier attempts.
--- `closing`: it is a closing page, and no attempt at the step itself.
function resume.tell(self, at, closing)
  local events = journal.recent(self)
  for _, event in ipairs(events) do
    if event.kind == "recovered" then put_right(event, at) end
    if event.kind == "decided" then decided(event, at) end
  end
  local attempts = attempts_of(events)
  if not closing and #attempts > 1 then at:say("This is attempt %d at this step.", #attempts) end
  for index = 1, closing and #attempts or #attempts - 1 do tell_attempt(self, at, index, attempts[index]) end
end

-- ---- before page 0 ----

--- An event of an attempt at page 0: it has no ceremony yet, and is known by the record's folder.
local function journal_first(self, event)
  event.ceremony, event.page, event.record = NONE, 0, host.file.real(self.record:folder())
  self.home:journal(event)
end

--- Events of attempts at page 0 of this record that came to nothing.
local function events_before(self)
  local list, folder = {}, host.file.real(self.record:folder())
  for _, event in ipairs(self.home:events(NONE, 0)) do
    if event.record == folder then list[#list + 1] = event end
    if event.record == folder and event.kind == "sealed" then list = {} end
  end
  return list
end

--- People begin to be asked for page 0. Gives what earlier attempts at it left at home.
function resume.begin(self)
  local events = events_before(self)
  journal_first(self, { kind = "attempt" })
  return events
end

--- What they decided while page 0 is made is kept at home too, as no other page would ever tell of it; who decided it
--- may not be known yet.
function resume.keep_first(self, deviation) journal_first(self, { kind = "decided", deviation = deviation }) end

--- Exceptions of which nobody said yet who decided them, each once.
function resume.unsettled(self)
  local list = {}
  for _, event in ipairs(events_before(self)) do
    if event.kind == "decided" then
      local index = asking.has(list, event.deviation)
      if index then table.remove(list, index) end
      if not event.deviation.by then list[#list + 1] = event.deviation end
    end
  end
  return list
end

--- Whether attempts at page 0 of this record are known of which it is not known how they ended.
function resume.has_first(self) return #events_before(self) > 0 end

function resume.stopped_first(self, reason, why)
  journal_first(self, { kind = "stopped", reason = reason:match "^[^\n]*", why = why })
end

--- They stopped when the sealing key was asked for: an attempt at whatever would have been next.
function resume.stopped_early(self, reason, why)
  if self.record:count() == 0 then
    resume.begin(self)
    return resume.stopped_first(self, reason, why)
  end
  local id, number = self.record:page(0).ceremony.id, self.record:count()
  self.home:journal { kind = "attempt", ceremony = id, page = number }
  self.home:journal { kind = "stopped", ceremony = id, page = number, reason = reason, why = why }
end

function resume.sealed_first(self, head) journal_first(self, { kind = "sealed", sha256 = head }) end

local function is_here(self, name)
  for _, person in ipairs(self.people) do
    if person.name == name then return true end
  end
  return false
end

--- Said on page 0: earlier attempts at it, and their exceptions. Who decided one is perhaps not here any more: then it
--- is told, and no deviation of this page. Where that was not said, it is asked now (asking.lua).
function resume.tell_first(self, page, events)
  local at = { page = page, say = function(_, text, ...)
    text = text:format(...)
    self.room.say(text)
    page:say(text)
  end }
  for _, event in ipairs(events) do
    if event.kind == "decided" and is_here(self, event.deviation.by) then
      decided(event, at)
    elseif event.kind == "decided" and event.deviation.by then
      at:say('Decided at %s by %s, before this attempt: "%s", because %s.', event.time,
        event.deviation.by, event.deviation.decided, event.deviation.happened)
    end
  end
  local attempts = attempts_of(events)
  for index, attempt in ipairs(attempts) do tell_attempt(self, at, index, attempt) end
  if #attempts > 0 then at:say("This is attempt %d at this step.", #attempts + 1) end
end

return resume

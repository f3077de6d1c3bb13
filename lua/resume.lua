--- A walk that goes on after it was cut off: what was found, what was done about it, and how often a step was begun.
--- The room hears it at once; the journal keeps it until this station makes its next page, whose transcript has it.

local host = require "host"
local registers = require "registers"

local resume = {}

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
  registers.adopt(self, function(text, deviation) found(self, text, deviation) end)
  registers.compare(self)
end

--- The number of the first page that is made after this station's newest one.
local function since(self)
  local number = self.record:count()
  while number > 0 and self.record:page(number - 1).station ~= self.station do number = number - 1 end
  return number
end

--- What the people decided in an attempt that was cut off afterwards is a deviation of the page all the same.
local function decided(event, at)
  at:say('Decided at %s, in an attempt that was cut off: "%s", because %s.', event.time, event.deviation.decided,
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

--- The attempts at a page, as the journal has them: {time, ended, reason, why}. What was cut off has no end.
local function attempts_of(self, number)
  local list = {}
  for _, event in ipairs(self.home:events(self.id, number)) do
    if event.kind == "attempt" then list[#list + 1] = { time = event.time } end
    local last = list[#list]
    if event.kind == "stopped" and last then
      last.ended, last.reason, last.why = event.time, event.reason, event.why
    end
  end
  return list
end

local function tell_attempt(at, index, attempt)
  if not attempt.ended then
    at:say("Attempt %d, begun at %s, was cut off.", index, attempt.time)
  else
    at:say("Attempt %d, begun at %s, ended at %s: %s", index, attempt.time, attempt.ended, attempt.reason)
    if attempt.why then at:say("Why they stopped: %s", attempt.why) end
  end
end

--- An attempt ends: what it said, and what the people gave as their reason.
function resume.stopped(self, number, reason, why)
  self.home:journal { kind = "stopped", ceremony = self.id, page = number, reason = reason, why = why }
end

--- Said at the beginning of a step, for its page: what was found since this station's last one, and earlier attempts.
--- `closing`: it is a closing page, and no attempt at the step itself.
function resume.tell(self, at, closing)
  for number = since(self), at.number do
    for _, event in ipairs(self.home:events(self.id, number)) do
      if event.kind == "recovered" then put_right(event, at) end
    end
  end
  for _, event in ipairs(self.home:events(self.id, at.number)) do
    if event.kind == "decided" then decided(event, at) end
  end
  local attempts, times = attempts_of(self, at.number), {}
  for index, attempt in ipairs(attempts) do times[index] = attempt.time end
  if not closing and #times > 1 then
    at:say("This is attempt %d at this step; it was begun before at %s.", #times,
      table.concat(times, ", ", 1, #times - 1))
  end
  for index = 1, closing and #attempts or #attempts - 1 do tell_attempt(at, index, attempts[index]) end
end

return resume

--- A walk that goes on after it was cut off: what was found, what was done about it, and how often a step was begun.
--- The room hears it at once; the journal keeps it until this station makes its next page, whose transcript has it.

local resume = {}

--- Finish, or take back, what was under way here. Before page 0 the ceremony has no name yet to journal it under.
function resume.recover(self)
  local found = self.record:recover(self.at)
  if found ~= "" then
    self.room.say(("The last run here was cut off: %s."):format(found))
    self.found = self.found and self.found .. "; " .. found or found
  end
  if self.found and self.id then
    self.home:journal { kind = "recovered", ceremony = self.id, page = self.record:count(), found = self.found }
    self.found = nil
  end
end

--- The number of the first page that is made after this station's newest one.
local function since(self)
  local number = self.record:count()
  while number > 0 and self.record:page(number - 1).station ~= self.station do number = number - 1 end
  return number
end

--- Said at the beginning of a step, for its page: recoveries since this station's last one, and earlier attempts.
function resume.tell(self, at)
  for number = since(self), at.number do
    for _, event in ipairs(self.home:events(self.id, number)) do
      if event.kind == "recovered" then
        at.page:say(("At %s a run that was cut off was put right: %s."):format(event.time, event.found))
      end
    end
  end
  local times = {}
  for _, event in ipairs(self.home:events(self.id, at.number)) do
    if event.kind == "attempt" then times[#times + 1] = event.time end
  end
  if #times > 1 then
    at:say("This is attempt %d at this step; it was begun before at %s.", #times,
      table.concat(times, ", ", 1, #times - 1))
  end
end

return resume

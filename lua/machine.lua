--- The machine that a session runs at, as `verger doctor` found it when the session began: the session's first page has
--- the report as evidence, so that an auditor sees which protections held.

local host = require "host"

local machine = {}

local QUESTION = "This station is to be offline, and a network interface is up. Go on nevertheless?"

local function is_offline(made, name)
  for _, station in ipairs(made.stations) do
    if station.name == name then return station.text:lower():find("%f[%w]offline%f[%W]") ~= nil end
  end
  return false
end

--- The prompt of a session at a station that begins on this page, for the agenda; nil where it is not asked.
function machine.prompt(made, station, slug)
  if not is_offline(made, station) then return nil end
  return { id = slug .. ".network.1", question = QUESTION .. " (asked when one is)" }
end

--- A cable that is in, where the script says offline, is asked about: unattended only where an answers file has it.
local function ask_network(self, page, slug, row)
  local id = slug .. ".network.1"
  if row.standing == "ok" or not is_offline(self.plan, self.station) then return end
  if self.unattended and not self.room.has_answer(id) then return end
  local answered = self.room.confirm(id, QUESTION)
  page:say(("Asked: %s Answered: %s."):format(QUESTION, answered))
  page:deviation { rule = "network.up", expected = "no network interface of an offline station is up",
    happened = row.says, decided = "to go on", by = self.people[1].name }
end

--- Say what does not hold here, once a session, and keep the whole on the page. `slug` begins the prompt's id.
function machine.tell(self, page, slug)
  local report = self.doctor
  if not report then return end
  self.doctor = nil
  local function say(text)
    self.room.say(text)
    page:say(text)
  end
  say(("The clock of this machine says %s; compare it with a watch."):format(host.clock.now()))
  local network
  for _, row in ipairs(host.json.decode(report, "doctor.json").rows) do
    if row.id == "network" then network = row end
    if row.standing ~= "ok" then say(("This machine, %s: %s"):format(row.id, row.says)) end
  end
  page:evidence("doctor.json", report)
  ask_network(self, page, slug, network)
end

return machine

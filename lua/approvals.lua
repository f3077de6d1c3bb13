--- Approvals: what somebody says before the day of a script, its templates and the dates, and what a script wants.

local dates = require "dates"
local host = require "host"
local options = require "options"
local plan = require "plan"

local approvals = {}

local MONTH = 30 * 86400

local function date(name, value, other)
  if value == nil then return other end
  local fine, outcome = pcall(options.date, value)
  if not fine then error(("--%s %s"):format(name, type(outcome) == "table" and outcome.rule or outcome), 0) end
  return outcome
end

--- What `verger approve` seals: {script, from, until_, approver} -> canonical JSON.
function approvals.text(given)
  local made = plan.load(given.script)
  local now = host.clock.now()
  local from = date("from", given.from, now)
  local till = date("until", given["until"], dates.text(dates.seconds(from) + MONTH))
  if dates.seconds(till) < dates.seconds(from) then error(("--until %s is before %s"):format(till, from), 0) end
  if dates.seconds(till) < dates.seconds(now) then error(("--until %s is over already"):format(till), 0) end
  return host.json.encode { format = "verger-approval-1", approver = given.approver, title = made.title,
    version = made.version, script = made.script, templates = host.json.array(made.templates), from = from,
    ["until"] = till }
end

local function stop(text, ...) error({ stop = text:format(...) }, 0) end

local function is_enrolled(signers, sha256)
  for _, signer in ipairs(signers) do
    if signer.sha256 == sha256 then return true end
  end
  return false
end

--- Names that a script wants and that did not approve, or how many are lacking; nil when nothing is.
local function lacking(wanted, names)
  local count = 0
  for _ in pairs(names) do count = count + 1 end
  for _, name in ipairs(wanted.names or {}) do
    if not names[name] then return ("the script wants the approval of %s"):format(name) end
  end
  return count < wanted.count and ("the script wants %d approvals, and %d were named"):format(wanted.count, count)
end

--- Judge those that --approval names, before anybody is asked anything: {{name, text, seal}}.
function approvals.read(self, signers)
  local list, names = {}, {}
  local now = host.clock.now()
  for _, path in ipairs(self.approvals or {}) do
    local text, seal = host.file.read(path), host.file.read(path .. ".p7s")
    local signer = host.approval.judge { text = text, seal = seal, plan = plan.encode(self.plan),
      started = dates.seconds(now), what = path }
    if not is_enrolled(signers, signer.sha256) then
      stop("%s: %s's certificate is not enrolled; name it with --enrol", path, signer.name)
    end
    if not names[signer.name] then list[#list + 1] = { name = signer.name, text = text, seal = seal } end
    names[signer.name] = true
  end
  local fault = self.plan.approvals and not self.rehearsal and lacking(self.plan.approvals, names)
  if fault then
    stop("%s: verger approve SCRIPT makes one, and --approval names it (with its .p7s beside it)", fault)
  end
  return list
end

--- Put them on page 0.
function approvals.put(page, list, say)
  for _, one in ipairs(list) do
    local name = ("approvals/%s.json"):format(host.page.slug(one.name))
    page:evidence(name, one.text)
    page:evidence(name .. ".p7s", one.seal)
    say(("Approved by %s."):format(one.name))
  end
end

--- What the agenda says of it; nil when the script wants none.
function approvals.sentence(made)
  local wanted = made.approvals
  if not wanted then return nil end
  if wanted.names then return ("Approved before the day by %s."):format(table.concat(wanted.names, ", ")) end
  return wanted.count == 1 and "Approved before the day by one person."
    or ("Approved before the day by %d people."):format(wanted.count)
end

return approvals

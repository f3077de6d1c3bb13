--- The ceremony before with the same root: named on page 0, and held against the register of the station that signs.

local host = require "host"
local journal = require "journal"
local issuers = require "issuers"
local registers = require "registers"
local turn = require "turn"

local previous = {}

local NAMED = "previous.named" -- what a deviation calls a gap, and verify its check

local function stop(text, ...) error({ stop = text:format(...) }, 0) end

previous.FIRST = "No ceremony before this one was named (--previous). Is this the first one with its root?"

--- Whether anything is signed in a plan.
function previous.signs(made)
  for _, step in ipairs(made.steps) do
    for _, word in ipairs(step.words) do
      if issuers.of(word) then return true end
    end
  end
  return false
end

--- The ceremony before, as --previous or --previous-head names it, for page 0; nil when neither does. It is judged
--- before anybody is asked anything.
function previous.before(self)
  if self.previous_head then return { head = self.previous_head } end
  if not self.previous then return nil end
  local record = host.record.open(self.previous, false)
  local zero = record:page(0)
  if zero.rehearsal then stop("--previous %s: is the record of a rehearsal, and no ceremony", self.previous) end
  local text, what = registers.newest(record)
  if not text then
    stop("--previous %s: nothing was signed in it; name the ceremony before that signed with the same root",
      self.previous)
  end
  local steps = #host.json.decode(record:member(0, "evidence/plan.json"), "plan.json").steps
  local ends = {}
  for index, last in ipairs(host.register.read(text, what)) do
    ends[index] = { issuer_spki = last.issuer_spki, entries = last.entries, sha256 = last.sha256 }
  end
  return { head = record:head(), title = zero.ceremony.title, id = zero.ceremony.id, ends = ends,
    unfinished = turn.walked(record) < steps and (", which was not finished (%d of %d steps)"):format(
      turn.walked(record), steps) or "" }
end

--- Name it on page 0, or have the people say that there was none.
function previous.name(self, page, before, confirm)
  if before then
    local text = ("The ceremony before, with the same root%s. Its head:\n    %s\n    %s"):format(
      before.id and (": %s (%s)%s"):format(before.title, before.id, before.unfinished) or "",
      host.digest.groups(before.head, 8):gsub("\n", "\n    "), (host.digest.words(before.head, 8):gsub("\n", "\n    ")))
    self.room.say(text)
    page:say(text)
    page:input { name = registers.PREVIOUS, kind = "record", sha256 = before.head, ceremony = before.id,
      register = before.ends and host.json.array(before.ends) }
  elseif not self.rehearsal and previous.signs(self.plan) then
    confirm(self, page, "start.previous.1", previous.FIRST)
  end
end

local BEHIND = "this station's register has %d signatures of the %s from ceremonies before, and the one that page 0 "
  .. "names ended with %d: this home is an older copy, or a new one. Take the newest copy of the home; or, where there "
  .. "is none, take the register over from that ceremony's record: --register RECORD"
local AHEAD = "this station's register has %d signatures of the %s from ceremonies before, and the one that page 0 "
  .. "names ended with %d; the last is of ceremony %s"

local function end_of(before, spki)
  for _, last in ipairs(before.register or {}) do
    if last.issuer_spki == spki then return last end
  end
  return nil
end

--- Where page 0 names the ceremony before by its head alone: that this station saw that head, or none at all.
local function judge_head(self, issuer, before, base)
  if base.entries == 0 then
    stop("page 0 names a ceremony before with this root, and this station's register knows nothing of the %s: this "
      .. "home is new. Take the newest copy of the home; or, where there is none, take the register over from that "
      .. "ceremony's record: --register RECORD", issuer.name)
  end
  if self.home:head(base.ceremony) == before.sha256 or self.previous_shown then return nil end
  return ("this station saw ceremony %s sign last with this root, and page 0 names the head %s, which it does not "
    .. "know. If that is how the ceremony ended, show its record: --register RECORD"):format(base.ceremony,
    before.sha256)
end

--- Why page 0 does not name the ceremony before that this station knows; nil when it does.
local function judge(self, issuer)
  local before = registers.named(self.record)
  local base = host.register.last(self.home, issuer.spki_sha256, self.id)
  if not before then
    return base.entries > 0 and ("page 0 names no ceremony before, and this station's register has %d signatures of "
      .. "ceremonies before, the last of ceremony %s"):format(base.entries, base.ceremony) or nil
  end
  if not before.register then return judge_head(self, issuer, before, base) end
  local theirs = end_of(before, issuer.spki_sha256)
  if not theirs then
    return ("the ceremony that page 0 names as the one before (%s) did not sign with the key of the %s"):format(
      before.ceremony, issuer.name)
  end
  local order = host.register.place(self.home, issuer.spki_sha256, self.id, theirs.entries, theirs.sha256)
  if order == "behind" then stop(BEHIND, base.entries, issuer.name, theirs.entries) end
  if order == "forked" then stop(registers.FORKED, "the ceremony that page 0 names", issuer.spki_sha256) end
  return order == "ahead" and AHEAD:format(base.entries, issuer.name, theirs.entries, base.ceremony) or nil
end

local function was_decided(self, spki)
  local function is_it(deviation) return deviation and deviation.rule == NAMED and deviation.issuer_spki == spki end
  for _, event in ipairs(journal.recent(self)) do
    if is_it(event.deviation) then return true end
  end
  for page = 0, self.record:count() - 1 do
    for _, deviation in ipairs(self.record:page(page).deviations) do
      if is_it(deviation) then return true end
    end
  end
  return false
end

--- Before one of this station's keys is used: page 0 names the ceremony before that this station knows. The people may
--- go on in spite of a gap, which is a deviation; not in spite of a register that has less than another ceremony's.
function previous.admit(self, at)
  self.admitted = self.admitted or {}
  for _, issuer in ipairs(registers.issuers(self, at.page:outputs())) do
    local gap = not self.admitted[issuer.spki_sha256] and judge(self, issuer)
    if gap and not was_decided(self, issuer.spki_sha256) then
      at:decide("gap", ("A gap: %s. Begin anew with the right --previous; or go on in spite of it?"):format(gap), {
        rule = NAMED, issuer_spki = issuer.spki_sha256, happened = gap, decided = "to go on in spite of it",
        expected = "the ceremony before with the same root, named on page 0" })
    end
    self.admitted[issuer.spki_sha256] = true
  end
end

return previous

--- The register of what a station's keys signed: sealed into each of its pages, and compared with what they tell.

local host = require "host"
local issuers = require "issuers"

local registers = { PREVIOUS = "previous ceremony" } -- its name among the inputs of page 0

local MEMBER = "evidence/register.jsonl"
local ADOPTED = "register.adopted" -- what a deviation calls it

local function stop(text, ...) error({ stop = text:format(...) }, 0) end

--- The roots that this station signs under, as far as their certificates are known: {{name, spki_sha256}...}.
--- `outputs` are those of an open page, which the record has not.
function registers.issuers(self, outputs)
  local list, seen = {}, {}
  local function add(name)
    if seen[name] then return end
    local output = self.record:output(name)
    for _, made in ipairs(outputs or {}) do
      if made.name == name then output = made end
    end
    if not output then return end
    seen[name] = true
    list[#list + 1] = { name = name, spki_sha256 = output.spki_sha256 }
  end
  for _, step in ipairs(self.plan.steps) do
    for _, word in ipairs(step.words) do
      local issuer = word.station == self.station and issuers.of(word)
      if issuer then add(issuer) end
    end
  end
  return list
end

--- Seal what those roots ever signed into a page.
function registers.seal(self, page)
  local spkis = {}
  for index, issuer in ipairs(registers.issuers(self, page:outputs())) do spkis[index] = issuer.spki_sha256 end
  local text = #spkis > 0 and host.register.text(self.home, spkis) or ""
  if text ~= "" then page:evidence("register.jsonl", text) end
end

--- The stations at which a record's plan has something signed: {station = true}. What others tell of a key is hearsay.
local function signers(record)
  local set = {}
  for _, step in ipairs(host.json.decode(record:member(0, "evidence/plan.json"), "plan.json").steps) do
    for _, word in ipairs(step.words) do
      if issuers.of(word) then set[step.station] = true end
    end
  end
  return set
end

--- The newest register in a record, of one station's pages or of all that sign: its text, and the page's name for
--- errors.
function registers.newest(record, station)
  local counts = station and { [station] = true } or signers(record)
  for number = record:count() - 1, 0, -1 do
    local text = counts[record:page(number).station] and record:member(number, MEMBER)
    if text then
      return text, ("page %d, %s"):format(number, MEMBER)
    end
  end
  return nil
end

--- What page 0 names as the ceremony before with the same root: {sha256, ceremony, register}, or nil.
function registers.named(record)
  for _, input in ipairs(record:page(0).inputs) do
    if input.name == registers.PREVIOUS and input.kind == "record" then return input end
  end
  return nil
end

local BEHIND = "this station's register has less than its own page in this record (%s): this home is an older copy, "
  .. "or a new one. Take the newest copy of the home; or, where there is none, take the register over from the page: "
  .. "--register %s"
registers.FORKED = "this station's register and %s tell two histories of the key with SPKI SHA-256 %s. Keep both, and "
  .. "find out which of them is false before the key is used again"

--- The home has all that this station's pages say it signed. They are sealed after it was registered, so that one that
--- has less is not this station's newest.
function registers.compare(self)
  local text, what = registers.newest(self.record, self.station)
  if not text then return end
  for _, theirs in ipairs(host.register.read(text, what)) do
    local order = host.register.compare(self.home, text, what, theirs.issuer_spki)
    if order == "behind" then stop(BEHIND, what, self.record:folder()) end
    if order == "forked" then stop(registers.FORKED, what .. " of this record,", theirs.issuer_spki) end
  end
end

--- The record that --register names: this one, or the one that page 0 names as the one before. Whoever sealed page 0
--- vouches for its head, and its own page 0 for the seals in it, which were checked when it was opened.
local function source(self)
  local record = host.record.open(self.register_record, false)
  if record:page(0).ceremony.id == self.id then
    if record:head() ~= self.record:head() then
      stop("--register %s: is another copy of this record; name this one, %s", self.register_record,
        self.record:folder())
    end
    return registers.newest(record, self.station)
  end
  local before = registers.named(self.record)
  if not before or before.sha256 ~= record:head() then
    stop("--register %s: its head is %s, and page 0 names %s as the ceremony before", self.register_record,
      record:head(), before and before.sha256 or "none")
  end
  self.previous_shown = true
  return registers.newest(record)
end

--- Take over what the home's register lacks, where --register says from where. `found` tells and journals it first.
function registers.adopt(self, found)
  if not self.register_record then return end
  if not signers(self.record)[self.station] then
    stop('--register: nothing is signed at "%s", so that it needs no register; leave it out', self.station)
  end
  local text, what = source(self)
  if not text then stop("--register %s: has no register in it", self.register_record) end
  local lacking, has = 0, {}
  for _, theirs in ipairs(host.register.read(text, what)) do
    local own = host.register.last(self.home, theirs.issuer_spki)
    local order = host.register.compare(self.home, text, what, theirs.issuer_spki)
    if order == "forked" then
      stop(registers.FORKED, "--register " .. self.register_record, theirs.issuer_spki)
    end
    if order == "behind" then lacking = lacking + theirs.entries - own.entries end
    has[theirs.issuer_spki] = true
  end
  for _, issuer in ipairs(registers.issuers(self)) do
    if not has[issuer.spki_sha256] then
      stop("--register %s: is of another root, and not of the %s", self.register_record, issuer.name)
    end
  end
  if lacking == 0 then
    self.room.say(("The register of this station lacks nothing that %s has; --register changes nothing."):format(
      self.register_record))
    return
  end
  found(("The register of this station lacked %d signatures that %s of %s has; they are taken over."):format(lacking,
    what, self.register_record), { rule = ADOPTED, expected = "the register of this station, kept at its home",
    happened = ("it lacked %d signatures"):format(lacking), decided = "to take them over from a sealed page" })
  host.register.adopt(self.home, text, what)
end

return registers

--- The register of what a station's keys signed: sealed into each of its pages, and compared with what they tell.

local host = require "host"

local registers = {}

local MEMBER = "evidence/register.jsonl"

--- The roots that this station signs under, as far as their certificates are known: {{name, spki_sha256}...}.
--- `outputs` are those of an open page, which the record has not.
local function issuers(self, outputs)
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
      local signs = word.verb == "sign" or word.verb == "publish"
      if signs and word.station == self.station then add(word.options.under) end
    end
  end
  return list
end

--- Seal what those roots ever signed into a page.
function registers.seal(self, page)
  local spkis = {}
  for index, issuer in ipairs(issuers(self, page:outputs())) do spkis[index] = issuer.spki_sha256 end
  local text = #spkis > 0 and host.register.text(self.home, spkis) or ""
  if text ~= "" then page:evidence("register.jsonl", text) end
end

--- The newest register in a record, of one station's pages or of any: its text, and the page's name for errors.
local function newest(record, station)
  for number = record:count() - 1, 0, -1 do
    local text = record:member(number, MEMBER)
    if text and (not station or record:page(number).station == station) then
      return text, ("page %d, %s"):format(number, MEMBER)
    end
  end
  return nil
end

local BEHIND = "this station's register has less than its own page in this record (%s): this home is an older copy, "
  .. "or a new one. Take the newest copy of the home"
local FORKED = "this station's register and its own page in this record (%s) tell two histories of the key with SPKI "
  .. "SHA-256 %s. Keep both, and find out which of them is false before the key is used again"

--- The home has all that this station's pages say it signed. They are sealed after it was registered, so that one that
--- has less is not this station's newest.
function registers.compare(self)
  local text, what = newest(self.record, self.station)
  if not text then return end
  for _, theirs in ipairs(host.register.read(text, what)) do
    local order = host.register.compare(self.home, text, what, theirs.issuer_spki)
    if order == "behind" then error({ stop = BEHIND:format(what) }, 0) end
    if order == "forked" then error({ stop = FORKED:format(what, theirs.issuer_spki) }, 0) end
  end
end

return registers

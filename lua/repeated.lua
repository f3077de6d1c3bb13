--- What the command line says for page 0 alone, on a record whose page 0 is sealed: the same line again, after an
--- interruption, goes on; anything else is refused, because it would come to nothing and somebody counts on it.

local host = require "host"
local registers = require "registers"

local repeated = {}

local LATE = "%s: page 0 of this record is sealed, and %s. %s"
local ANEW = "Leave it out; or, where it has to be on page 0, begin anew with a new record"

local function refuse(given, difference, remedy)
  error({ stop = LATE:format(given, difference, remedy or ANEW) }, 0)
end

--- What was on a medium that was taken out again cannot be compared, and nobody needs it any more.
local function is_gone(self, given, path)
  if host.file.exists(path) then return false end
  self.room.say(("%s: is not there any more, and not needed: page 0 is sealed."):format(given))
  return true
end

local function check_enrol(self, path)
  local given = "--enrol " .. path
  if is_gone(self, given, path) then return end
  local pem = host.file.read(path)
  local sha256 = host.seal.signer(pem, path).sha256
  for _, one in ipairs(self.record:signers()) do
    if one.sha256 == sha256 then return end
  end
  refuse(given, "does not have this certificate", "Leave it out. Whoever is to seal in somebody's stead is enrolled "
    .. "with --replace; for anybody else, begin anew with a new record")
end

--- Page 0 names this head, as its input of that name.
local function check_head(self, given, name, head)
  local named
  for _, input in ipairs(self.record:page(0).inputs) do
    if input.name == name and input.kind == "record" then named = input.sha256 end
  end
  if named == head then return end
  refuse(given, not named and "names no such record"
    or ("names the record with the head %s, and not %s"):format(named, head))
end

local function check_record(self, option, name, path)
  local given = ("--%s %s"):format(option, path)
  if is_gone(self, given, path) then return end
  check_head(self, given, name, host.record.open(path, false):head())
end

--- One approval of each person is on page 0, the first that was named.
local function check_approvals(self)
  local seen = {}
  for _, path in ipairs(self.approvals or {}) do
    local given = "--approval " .. path
    if not is_gone(self, given, path) then
      local text = host.file.read(path)
      local name = host.page.slug(host.json.decode(text, path).approver)
      if not seen[name] and self.record:member(0, ("evidence/approvals/%s.json"):format(name)) ~= text then
        refuse(given, "does not have this approval")
      end
      seen[name] = true
    end
  end
end

--- Before anything is done with the record.
function repeated.check(self)
  if self.rehearsal then return end
  for _, path in ipairs(self.enrol) do check_enrol(self, path) end
  if self.rehearsal_record then check_record(self, "rehearsal", "rehearsal", self.rehearsal_record) end
  if self.previous then check_record(self, "previous", registers.PREVIOUS, self.previous) end
  if self.previous_head then check_head(self, "--previous-head", registers.PREVIOUS, self.previous_head) end
  check_approvals(self)
end

return repeated

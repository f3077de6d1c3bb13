--- A page between the steps that revokes a signer, whose key was lost, is in other hands or comes to its end, and
--- enrols the next one in their stead. It is made at any station whose own key is still good.
---
--- What the people decided is journaled before the page is sealed; a run that is cut off between the two leaves it
--- announced, and the next one finishes it without asking again.

local host = require "host"
local journal = require "journal"
local opening = require "opening"
local resume = require "resume"
local scene = require "scene"
local turn = require "turn"

local signers = {}

local REASON = "Why is this certificate revoked: is its key lost, is it compromised, or has its use ended?"
local WHY = "What happened? The page will say so."
local BY = "Who of the people here decided it?"
local READ = "Is this the fingerprint that its holder reads out?"
local SURE = "Revoke it for good? A page is sealed, and from the next page on its seals do not count."

local function stop(text, ...) error({ stop = text:format(...) }, 0) end

--- The prompts of such a page, for the agenda.
function signers.prompts()
  return { { id = "signers.reason.1", question = REASON }, { id = "signers.why.1", question = WHY },
    { id = "signers.by.1", question = BY }, { id = "signers.read.1", question = READ },
    { id = "signers.sure.1", question = SURE } }
end

--- What this station announced and has no page for yet, or nil.
function signers.announced(self)
  for _, event in ipairs(self.home:events(self.id, self.record:count())) do
    if event.kind == "revoked" then return event end
  end
  return nil
end

--- A record without a page has nobody to revoke.
function signers.refuse_new(self)
  stop("%s has no page yet, so nobody is enrolled; name those who are to be with --enrol", self.record:folder())
end

--- Nothing is under way that this page would leave behind.
local function check_between(self)
  local step = turn.step(self.plan, self.record)
  local begun = host.file.exists(self.record:folder() .. "/.staging")
  if begun or #journal.recent(self, "intent") > 0 then
    stop("step %d (%s) is under way, and has signed or purged something; finish it, or end the ceremony with --abort",
      step.number, step.title)
  end
end

--- A station that still has steps needs a key for them.
local function check_needed(self, gone)
  for index = turn.walked(self.record) + 1, #self.plan.steps do
    if self.plan.steps[index].station == gone.station then
      stop('--revoke: "%s" has steps to come (step %d, %s); name its next certificate with --replace %s=CERT',
        gone.station, index, self.plan.steps[index].title, gone.label)
    end
  end
end

--- What the command line asks for: whom, and the next certificate with its file's name. Judged before anybody is asked.
local function given(self)
  local label, path = self.revoking, nil
  if self.replacing then label, path = self.replacing:match "^([^=]+)=(.+)$" end
  local pem = path and host.file.read(path)
  if pem and host.seal.signer(pem, path).rehearsal ~= self.rehearsal then
    stop("%s is a rehearsal's certificate", path)
  end
  local gone
  for _, one in ipairs(self.record:signers()) do
    if one.label == label then gone = one end
  end
  local asked = { label = label, sha256 = gone and gone.sha256 or ("0"):rep(64) }
  self.record:revoke(nil, asked, pem, path or label)
  if not pem then check_needed(self, gone) end
  return gone, pem
end

local function describe(at, gone, pem)
  at:say("The certificate of %s, who seals as \"%s\", is to be revoked. Its SHA-256:", gone.name, gone.label)
  at:say_digest(gone.sha256)
  if not pem then return at:say "Nobody is enrolled in its stead." end
  local next_one = host.seal.signer(pem, "the next certificate")
  at:say("In its stead: the certificate of %s. Its SHA-256, to be read aloud by who has the key:", next_one.name)
  return at:say_digest(next_one.sha256)
end

local function confirm(self, at, id, question)
  at.page:say(("Asked: %s Answered: %s."):format(question, self.room.confirm(id, question)))
end

--- Why, and by whom; nobody seals with a key that is lost or that others have.
local function decide(self, at, own, gone, pem)
  local unchanged = "nothing was revoked; the same command without --replace or --revoke goes on"
  describe(at, gone, pem)
  if pem then confirm(self, at, "signers.read.1", READ) end
  local reason = self.room.choose("signers.reason.1", REASON, { "lost", "compromised", "ended", "stop" })
  if reason == "stop" then stop(unchanged) end
  if reason ~= "ended" and own.label == gone.label then
    stop("a key that is %s does not seal the page that revokes it; carry the record to another station whose key is "
      .. "good, and do it there. Where none is left, this record ends here: begin anew, with new keys", reason)
  end
  local why = self.room.text("signers.why.1", WHY)
  local by = why and self.room.person("signers.by.1", BY)
  if not by then stop(unchanged) end
  confirm(self, at, "signers.sure.1", SURE)
  local event = { kind = "revoked", ceremony = self.id, page = at.number, label = gone.label, sha256 = gone.sha256,
    reason = reason, why = why, by = by, certificate = pem }
  self.home:journal(event)
  return event
end

--- Seal the page. `open_page` and `commit` are the walk's.
function signers.change(self, open_page, commit)
  local number, own = self.record:count(), opening.enrolled(self)
  local known = signers.announced(self)
  local gone, pem
  if not known then
    check_between(self)
    gone, pem = given(self)
  end
  self.at:discard()
  local page = open_page(self, number, "Signers", "signers")
  local at = scene.open(self, { number = number, slug = "signers", title = "Signers", words = {} }, page)
  local context = at:context()
  context.abort, context.remains = nil, "Nothing was revoked; the same command asks again."
  self.room.enter(context)
  opening.arrive(self, at)
  resume.tell(self, at, true)
  if known then self.room.say(("What was decided at %s is finished now."):format(known.time)) end
  known = known or decide(self, at, own, gone, pem)
  at:say("The certificate of \"%s\" is revoked: %s.", known.label, known.reason)
  at:say("What happened: %s", known.why)
  at:say("Decided by: %s", known.by)
  self.record:revoke(page, { label = known.label, sha256 = known.sha256, reason = known.reason, why = known.why,
    by = known.by }, known.certificate, "the next certificate")
  self.room.say(("Page %d is sealed: %s."):format(number, commit(self, page, number)))
  self.room.say "The same command without --replace or --revoke goes on."
end

return signers

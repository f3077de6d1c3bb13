--- The end of a ceremony that will not be finished: a closing page in the place of a step, which says at which step,
--- by whom and why, and what was signed by then. No page follows it.
---
--- What the people decided is journaled before the page is sealed; a run that is cut off between the two leaves an
--- announced abort, and the next one finishes it without asking again.

local host = require "host"
local journal = require "journal"
local resume = require "resume"
local scene = require "scene"
local signing = require "signing"
local staged = require "staged"
local turn = require "turn"
local witnesses = require "witnesses"

local abort = {}

local WHY = "Why is the ceremony aborted? The closing page will say so."
local BY = "Who of the people here decided it?"
local SURE = "Abort the ceremony for good? A closing page is sealed, and nothing can follow it."

local function stop(text, ...) error({ stop = text:format(...) }, 0) end

--- The prompts of an abort, for the agenda.
function abort.prompts()
  return { { id = "abort.why.1", question = WHY }, { id = "abort.by.1", question = BY },
    { id = "abort.sure.1", question = SURE } }
end

--- An abort of this station that was announced and has no page yet, or nil.
function abort.announced(self)
  return journal.recent(self, "aborted")[1]
end

--- A closed record is never gone on with.
function abort.refuse(self)
  local page = self.record:page(self.record:count() - 1)
  if not page.aborted then return end
  stop("this ceremony was aborted at step %d (%s) by %s, at %s: %s\nPage %d closes its record (%s), and nothing "
    .. "follows. A new ceremony begins with a new record.", page.aborted.step, self.plan.steps[page.aborted.step].title,
    page.aborted.by, page.finished.utc, page.aborted.why, page.number, self.record:folder())
end

--- Why --abort cannot be done with this record here.
function abort.check(self)
  local number = self.record:count()
  if number == 0 then
    stop("--abort: %s has no page yet, so there is no ceremony to abort", self.record:folder())
  end
  local step = turn.step(self.plan, self.record)
  if not step then stop "--abort: the ceremony is complete; there is nothing left to abort" end
  if step.station ~= self.station then
    stop('--abort: it is the turn of "%s" (step %d, %s); a ceremony is aborted where it would go on', step.station,
      step.number, step.title)
  end
end

--- What lies staged when it is what was announced; what is not, somebody put there.
local function announced_one(at, word, event)
  local text, facts = staged.find(at, word)
  if text and facts.tbs_sha256 == event.tbs_sha256 then return text end
  return nil
end

--- What an announced signature left, as the page of its step would have it; nil when it left nothing.
local left = {}

local function left_certificate(at, word, event)
  local known = at.home:certificate(event.issuer_spki, event.serial)
  local pem = known and known.content or announced_one(at, word, event)
  if not pem then return nil end
  local facts = host.certificate.read(pem, word.name)
  signing.register(at, facts, event.tbs_sha256, event.issuer_spki, pem)
  if word.options.request then at:input(at:artefact(word.options.request)) end
  return signing.output(word, facts, event.tbs_sha256, at:evidence(signing.file(word), pem)), pem
end

left.sign, left.self_sign, left.cross_sign, left.issue =
  left_certificate, left_certificate, left_certificate, left_certificate

function left.publish(at, word, event)
  local file = scene.slug(word.name) .. ".crl"
  local known = at.home:crl(event.issuer_spki, event.number)
  local der = known and host.crl.der(known.content) or announced_one(at, word, event)
  if not der then return nil end
  at:register { kind = "crl", issuer_spki = event.issuer_spki, number = event.number, tbs_sha256 = event.tbs_sha256,
    sha256 = host.crl.read(der, word.name).sha256, content = host.crl.pem(der) }
  local member = at:evidence(file, der)
  return { name = word.name, kind = "crl", member = member, evidence = member, number = event.number,
    tbs_sha256 = event.tbs_sha256, issuer = word.options.under }, der
end

--- Nothing that was signed is lost to the abort: it is on the closing page, as a deviation.
local function keep_signed(at, by)
  for _, word in ipairs(at.step.words) do
    local event = left[word.verb] and at:intents(word.verb, word.name)[1]
    if event then
      local output, content = left[word.verb](at, word, event)
      if output then
        if word.options.under then at:input(at:artefact(word.options.under)) end
        at:output(output, content)
      end
      local outcome = output and "was made, and is on this page" or "left nothing"
      at:say("The signature of the %s, announced at %s, %s.", word.name, event.time, outcome)
      at.page:deviation { rule = "signature.unused", expected = "what is signed is used", happened =
        ("the signature of the %s %s"):format(word.name, outcome), decided = "to abort the ceremony", by = by }
    end
  end
  for _, event in ipairs(at:intents "backup") do
    at:say("A copy of the %s on %s was announced at %s; if the medium has it, somebody must account for it.", event.key,
      event.medium, event.time)
  end
  for _, event in ipairs(at:intents "purge") do
    at:say("The purge of %d files was announced at %s; what is left of them was not looked at.", #event.files,
      event.time)
  end
end

--- The page before waits for witnesses, and now for ever.
local function tell_missing(self, at, by)
  local count = self.record:waits()
  if count == 0 then return end
  local happened = ("page %d lacks the %s"):format(self.record:walked(), witnesses.seals(count))
  at:say("%s.", (happened:gsub("^p", "P")))
  at.page:deviation { rule = "witnesses.missing", expected = "a page is sealed by the witnesses that it wants",
    happened = happened, decided = "to abort the ceremony", by = by }
end

--- Who decided it and why: as announced, or asked now and announced.
local function decision(self, at)
  local known = abort.announced(self)
  if known then
    self.room.say(("The abort that was announced at %s is finished now."):format(known.time))
    return known
  end
  local why = self.room.text("abort.why.1", WHY)
  local by = why and self.room.person("abort.by.1", BY)
  if not by then stop "the ceremony was not aborted; the same command goes on with it" end
  at.page:say(("Asked: %s Answered: %s."):format(SURE, self.room.confirm("abort.sure.1", SURE)))
  local event = { kind = "aborted", ceremony = self.id, page = at.number, why = why, by = by }
  self.home:journal(event)
  return event
end

--- Seal the closing page. `open_page` and `commit` are the walk's.
function abort.close(self, open_page, commit)
  local number, step = self.record:count(), turn.step(self.plan, self.record)
  self.at:discard()
  local page = open_page(self, number, "Aborted", "aborted")
  local at = scene.open(self, step, page)
  local context = at:context()
  context.slug, context.abort = "abort", nil
  self.room.enter(context)
  local decided = decision(self, at)
  at:say("The ceremony is aborted at step %d of %d: %s. At %s.", step.number, #self.plan.steps, step.title,
    step.station)
  at:say("Why: %s", decided.why)
  at:say("Decided by: %s", decided.by)
  resume.tell(self, at, true)
  tell_missing(self, at, decided.by)
  keep_signed(at, decided.by)
  page:abort { step = step.number, by = decided.by, why = decided.why }
  self.room.say(("Page %d closes the record: %s."):format(number, commit(self, page, number)))
end

return abort

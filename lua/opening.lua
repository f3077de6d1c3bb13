--- How a walk begins: page 0 at the first station, and the checks with which every later session goes on.

local approvals = require "approvals"
local asking = require "asking"
local host = require "host"
local machine = require "machine"
local nearest = require "nearest"
local options = require "options"
local person = require "person"
local plan = require "plan"
local previous = require "previous"
local repeated = require "repeated"
local resume = require "resume"
local scene = require "scene"
local witnesses = require "witnesses"
local words = require "words"

local opening = {}

local PLAN_READ = "Was the plan with its dates read aloud, and is it the right one?"
local ENROLLED = "Are these the certificates that were enrolled?"
local NOT_REHEARSED = "No rehearsal of this script was named (--rehearsal). Go on without?"

local function stop(text, ...) error({ stop = text:format(...) }, 0) end

local function say(self, page, text)
  self.room.say(text)
  page:say(text)
end

--- The room asks until there is a yes, or the people decided to go on without one.
local function confirm(self, page, id, question)
  local answered = self.room.confirm(id, question)
  page:say(("Asked: %s Answered: %s."):format(question, answered))
end

--- Why somebody of this name cannot fill a role; nil when they can.
local function name_fault(name, role_of)
  local fine, fault = pcall(options.person, name)
  if not fine then return "a name here " .. fault.rule end
  local holds = role_of[options.same_person(name)]
  return holds and ('"%s" is %s already; nobody fills two roles'):format(name, person.one_of(holds))
end

--- A name for one place; asked again when it cannot be, unless an answers file would say the same.
local function ask_name(self, role, index, role_of)
  local id = ("start.%s.%d"):format(role.role, index)
  while true do
    local name = role.names and role.names[index] or self.room.ask(id, opening.who(role, index))
    local wrong = name_fault(name, role_of)
    if not wrong then return name end
    if role.names or self.unattended or self.room.has_answer(id) then stop("%s", wrong) end
    self.room.say(wrong)
  end
end

--- Who fills which role. Nobody fills two.
local function ask_people(self)
  local people, role_of = {}, {}
  for _, role in ipairs(self.plan.people) do
    for index = 1, role.count do
      local name = ask_name(self, role, index, role_of)
      role_of[options.same_person(name)] = role.role
      people[#people + 1] = { role = role.role, name = name }
    end
  end
  return people
end

--- The question for one place of a role, as `verger agenda --prompts` lists it.
function opening.who(role, index)
  if role.count == 1 then return ("Who is the %s?"):format(person.one_of(role.role)) end
  return ("Who is number %d of the %d %s?"):format(index, role.count, role.role)
end

--- The prompts with which every ceremony starts: {{id, question, when}}; `when` where it is not always asked.
function opening.prompts(made)
  local list = {}
  for _, role in ipairs(made.people) do
    if not role.names then
      for index = 1, role.count do
        list[#list + 1] = { id = ("start.%s.%d"):format(role.role, index), question = opening.who(role, index) }
      end
    end
  end
  list[#list + 1] = machine.prompt(made, made.steps[1].station, "start")
  list[#list + 1] = { id = "start.rehearsal.1", question = NOT_REHEARSED, when = "none is" }
  if previous.signs(made) then
    list[#list + 1] = { id = "start.previous.1", question = previous.FIRST, when = "none is" }
  end
  list[#list + 1] = { id = "start.enrolled.1", question = ENROLLED }
  list[#list + 1] = { id = "start.plan.1", question = PLAN_READ }
  return list
end

--- The certificates that may seal this record, one for each station with steps, and those of witnesses.
local function enrolled(self)
  local pems, signers, by_station = {}, {}, {}
  local function add(pem, path)
    local signer = host.seal.signer(pem, path)
    if signer.rehearsal ~= self.rehearsal then
      stop(self.rehearsal and "%s is not a rehearsal's certificate" or "%s is a rehearsal's certificate", path)
    end
    for _, other in ipairs(signers) do
      if other.sha256 == signer.sha256 then return end
    end
    if signer.station ~= "" and by_station[signer.station] then
      stop('%s: station "%s" is enrolled already, with another certificate', path, signer.station)
    end
    if signer.station ~= "" then by_station[signer.station] = signer end
    signers[#signers + 1] = signer
    pems[#pems + 1] = pem
  end
  add(self.at:certificate(), "the home's seal.crt")
  for _, path in ipairs(self.enrol) do add(host.file.read(path), path) end
  local missing = {}
  for _, step in ipairs(self.plan.steps) do
    if not by_station[step.station] then
      by_station[step.station] = { missing = true }
      missing[#missing + 1] = step.station
    end
  end
  if #missing > 0 then
    stop("no certificate is enrolled for %s; make one with `verger enrol --station %s` and name it with --enrol",
      table.concat(missing, ", "), missing[1])
  end
  table.sort(signers, function(a, b) return a.station .. "/" .. a.name < b.station .. "/" .. b.name end)
  return pems, signers
end

local function read_enrolled(self, page, signers)
  for _, signer in ipairs(signers) do
    say(self, page, ("Enrolled: %s %s, certificate SHA-256:\n    %s"):format(signer.name,
      signer.station ~= "" and "for " .. signer.station or "as a witness",
      host.digest.groups(signer.sha256, 8):gsub("\n", "\n    ")))
  end
  confirm(self, page, "start.enrolled.1", ENROLLED)
end

local function read_plan(self, page)
  say(self, page, ("%s, version %s, begins %s."):format(self.plan.title, self.plan.version, self.plan.begins))
  for _, step in ipairs(self.plan.steps) do
    for _, word in ipairs(step.words) do
      if word.begins then say(self, page, ("Step %d: %s"):format(step.number, word.sentence)) end
    end
  end
  confirm(self, page, "start.plan.1", PLAN_READ)
end

--- The record of the rehearsal that --rehearsal names, judged before anybody is asked anything.
local function proof_of(self)
  if self.rehearsal or not self.rehearsal_record then return nil end
  local proof = host.record.open(self.rehearsal_record, false)
  local wrong = opening.differs(self, proof)
  if wrong then stop("--rehearsal %s: %s; rehearse anew", self.rehearsal_record, wrong) end
  return proof
end

--- The rehearsal of the same script, templates and program; or the people go without, which is a deviation.
local function rehearsed(self, page, proof)
  if self.rehearsal then return end
  if proof then
    say(self, page, ("Rehearsed: record %s, head %s."):format(proof:page(0).ceremony.id, proof:head()))
    page:input { name = "rehearsal", kind = "record", sha256 = proof:head() }
    return
  end
  confirm(self, page, "start.rehearsal.1", NOT_REHEARSED)
  page:deviation { rule = "rehearsal.none", expected = "a rehearsal of the same script, templates and program",
    happened = "none was named", decided = "to go on without", by = self.people[1].name }
end

--- Why a record is no proof that this was rehearsed; nil when it is.
function opening.differs(self, proof)
  if proof:count() == 0 or not proof:page(0).rehearsal then return "is not the record of a rehearsal" end
  local theirs = host.json.decode(proof:member(0, "evidence/plan.json"), "plan.json")
  if theirs.script.sha256 ~= self.plan.script.sha256 then return "is the rehearsal of another script" end
  if proof:count() <= #self.plan.steps or proof:page(proof:count() - 1).aborted then
    return "is of a rehearsal that was not finished"
  end
  for index, template in ipairs(self.plan.templates) do
    local other = theirs.templates[index]
    if not other or other.sha256 ~= template.sha256 then return "was rehearsed with another " .. template.path end
  end
  if proof:page(0).versions.binary_sha256 ~= host.versions().binary_sha256 then
    return "was rehearsed with another verger binary"
  end
  return nil
end

--- Where the walk is while page 0 is made: no page yet, so only the home keeps what is decided.
local function context(self, page)
  return { people = self.people, note = function(text) page:say(text) end, kept = resume.unsettled(self),
    remains = "No page was made, so there is no ceremony yet; the same command begins it from the start.",
    keep = function(deviation)
      resume.keep_first(self, deviation)
      page:deviation(deviation)
    end }
end

--- Where the walk is until a page is opened: what people say at the first prompts is kept at home, and stands on the
--- page that this station makes next. `kept`: what has to be settled before.
function opening.before(self, kept)
  if self.record:count() == 0 then
    return { remains = asking.NOTHING, keep = function(deviation) resume.keep_first(self, deviation) end }
  end
  local zero = self.record:page(0)
  return { remains = asking.NOTHING, people = zero.people, note = function() end, kept = kept,
    keep = function(deviation)
      self.home:journal { kind = "decided", ceremony = zero.ceremony.id, page = self.record:count(),
        deviation = deviation }
    end }
end

--- Page 0: the script, its templates, the checked plan with its dates, pins, versions, who is enrolled, who is here.
function opening.first(self, open_page, commit)
  local first = self.plan.steps[1]
  if first.station ~= self.station then
    stop("the ceremony begins at %s (step 1, %s), not at %s; run it there, and bring its record here", first.station,
      first.title, self.station)
  end
  for _, step in ipairs(self.plan.steps) do
    for _, word in ipairs(step.words) do
      if word.verb == "initialize" and step.station == self.station then scene.check_empty(self.authority) end
    end
  end
  local pems, signers = enrolled(self)
  local proof, before = proof_of(self), previous.before(self)
  local approved = approvals.read(self, signers)
  local earlier = resume.begin(self)
  self.people = ask_people(self)
  if self.cast_witnesses then
    self.enrol = self.cast_witnesses(self.people)
    pems, signers = enrolled(self)
  end
  local lacking = witnesses.fault(self.plan, self.people, signers)
  if lacking then stop("%s", lacking) end
  self.id = host.digest.random_id()
  plan.resolve(self.plan, host.clock.now())
  local page = open_page(self, 0, "Script", "script")
  self.room.enter(context(self, page))
  resume.tell_first(self, page, earlier)
  machine.tell(self, page, "start")
  rehearsed(self, page, proof)
  previous.name(self, page, before, confirm)
  read_enrolled(self, page, signers)
  approvals.put(page, approved, function(text) say(self, page, text) end)
  read_plan(self, page)
  page:member("script/" .. self.plan.script.name, self.source.text)
  for _, template in ipairs(self.source.templates) do page:member("script/" .. template.path, template.text) end
  page:evidence("plan.json", plan.encode(self.plan))
  page:evidence("agenda.txt", require "agenda".text(self.plan))
  page:evidence("pins.txt", host.pins)
  page:member("files/.gitattributes", "* -text\n")
  for _, one in ipairs(self.people) do page:say(("%s is %s."):format(one.name, person.one_of(one.role))) end
  self.record:enrol(page, pems)
  local head = commit(self, page, 0)
  resume.sealed_first(self, head)
  self.room.say(("Page 0 is sealed: %s."):format(head))
end

local function same_plan(self)
  local text = self.record:member(0, "evidence/plan.json")
  local theirs = host.json.decode(text, "plan.json")
  if theirs.script.sha256 ~= self.plan.script.sha256 then
    stop("%s is not the script of this record: its SHA-256 is %s; use the one that page 0 holds, %s",
      self.plan.script.name, self.plan.script.sha256, theirs.script.sha256)
  end
  plan.resolve(self.plan, theirs.begins)
  if plan.encode(self.plan) ~= text then
    stop "the script gives another plan than page 0 has: a template differs; use those that page 0 holds"
  end
end

--- This home's certificate is enrolled for this station, and not revoked. Its entry.
function opening.enrolled(self)
  for _, one in ipairs(self.record:signers()) do
    if one.certificate == self.at:certificate() and one.station == self.station then
      if not one.revoked then return one end
      stop("the sealing certificate of this home was revoked on page %d, and seals nothing since; name the home that "
        .. "has the next one", one.revoked)
    end
  end
  return stop('the sealing certificate of this home is not one that is enrolled for "%s"; name the home that has it',
    self.station)
end

local function same_head(self)
  local head, number = self.home:head(self.id)
  if head and (number >= self.record:count() or self.record:digest(number) ~= head) then
    stop("this record does not continue what this station saw last (page %d, %s): an older copy, or another one; bring "
      .. "the newest copy, from the station that sealed last",
      number, head)
  end
end

--- Finish what a cut-off commit at this station left undone, and say so.
function opening.recover(self)
  resume.recover(self)
end

--- Page 0 was sealed here by a run that was cut off behind that: what belongs to its making ends now.
local function end_first(self)
  if self.record:page(0).station ~= self.station or not resume.has_first(self) then return end
  self.room.enter(opening.before(self, resume.unsettled(self)))
  resume.sealed_first(self, self.record:digest(0))
end

--- Go on with a record that is there: same script, program, people; this station is enrolled, the head continues.
function opening.continue(self)
  local zero = self.record:page(0)
  if zero.rehearsal ~= self.rehearsal then
    stop("%s is the record of a rehearsal, and a run does not go on with it; name a new folder", self.record:folder())
  end
  if zero.unattended ~= self.unattended then
    stop("%s was %sbegun with --unattended, and must be ended in the same way", self.record:folder(),
      zero.unattended and "" or "not ")
  end
  self.id, self.people = zero.ceremony.id, zero.people
  same_plan(self)
  if zero.versions.binary_sha256 ~= host.versions().binary_sha256 then
    stop("this verger is not the program that began the record; use the one with SHA-256 %s",
      zero.versions.binary_sha256)
  end
  opening.enrolled(self)
  repeated.check(self)
  opening.recover(self)
  same_head(self)
  end_first(self)
  self.home:set_head(self.id, self.record:head(), self.record:count() - 1)
  self.arriving = true
end

--- One word, with three tries: a slip of the finger is not a forgery.
local function ask_word(self, at, head, index, place)
  local question = ("Type word %d of the head (line %d, word %d)"):format(place, (place - 1) // 8 + 1,
    (place - 1) % 8 + 1)
  for try = 1, 3 do
    local typed = self.room.ask(("%s.head.%d"):format(at.step.slug, index), question)
    if typed:lower() == host.digest.word(head, place - 1):lower() then
      at.page:say(("Word %d of the head was typed, and is right."):format(place))
      return
    end
    if try < 3 then self.room.say(('Word %d is not "%s" (try %d of 3).'):format(place, typed, try)) end
  end
  stop("word %d of the head was not typed right: either it was miscounted, or this is not the record that the other "
    .. "station closed; compare the whole head before you go on", place)
end

--- Two words of the head, chosen at random, are typed before the head is shown here.
local function compare_head(self, at)
  local head = self.record:digest(at.number - 1)
  if not self.rehearsal and not self.unattended then
    self.room.say "Two words of the record's head are typed now, from the screen or the paper of the other station."
    for index, place in ipairs(host.digest.two_places()) do ask_word(self, at, head, index, place) end
  end
  at:say("The record arrived with the head:")
  at:say_digest(head)
end

--- At the first step of a session after another station's, or after an interruption.
function opening.arrive(self, at)
  if not self.arriving then return end
  self.arriving = nil
  if self.record:page(at.number - 1).station ~= self.station then compare_head(self, at) end
  local names = {}
  for index, one in ipairs(self.people) do names[index] = ("%s (%s)"):format(one.name, person.one_of(one.role)) end
  local question = ("Are all present: %s?"):format(table.concat(names, ", "))
  confirm(self, at.page, at.step.slug .. ".present.1", question)
  machine.tell(self, at.page, at.step.slug)
end

--- Folders that must not lie in one another: no secret may come under the record or the media.
function opening.folders(given)
  local names = { "record", "home", "media", "authority" }
  for _, one in ipairs(names) do
    for _, other in ipairs(names) do
      if one ~= other and host.file.is_inside(given[one], given[other]) then
        stop("--%s (%s) must not lie in --%s (%s)", one, given[one], other, given[other])
      end
    end
  end
end

--- Files with passwords are for what somebody asks: another name is a slip, and would be noticed too late.
function opening.passwords(made, given)
  local asked, known = {}, { "seal", "authority", "provisioner" }
  for _, step in ipairs(made.steps) do
    for _, word in ipairs(step.words) do
      local passwords = words[word.verb].passwords
      for _, one in ipairs(passwords and passwords(word) or {}) do known[#known + 1] = one.name end
    end
  end
  for _, name in ipairs(known) do asked[name] = true end
  for _, name in ipairs(given) do
    if not asked[name] then
      stop('--password-file: %s asks for no password "%s"%s', made.script.name, name, nearest.hint(name, known))
    end
  end
end

--- A station by its name, or the error that names the nearest.
function opening.station(made, name)
  local known = {}
  for index, station in ipairs(made.stations) do
    if station.name == name then return end
    known[index] = station.name
  end
  stop('%s has no station "%s"%s', made.script.name, name, nearest.hint(name, known))
end

return opening

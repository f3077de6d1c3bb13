--- The scene of one step: what a word's deed may use. It speaks to the room and the transcript at once, finds
--- artefacts in the record, and lays what the step makes into the page.

local host = require "host"
local dates = require "dates"
local journal = require "journal"
local places = require "places"
local profiles = require "profiles"

local scene = {}
scene.__index = scene

--- walk: {plan, record, home, at, station, authority, media, room, rehearsal, secrets}; page: the open page.
function scene.open(walk, step, page)
  return setmetatable({
    walk = walk, step = step, number = walk.record:count(), page = page, plan = walk.plan, record = walk.record,
    home = walk.home, at = walk.at, authority = walk.authority, rehearsal = walk.rehearsal, keys = {}, files = {},
    made = {}, used = {}, decisions = {},
  }, scene)
end

--- Where the walk is, for the room (asking.lua).
function scene:context()
  return { slug = self.step.slug, people = self.walk.people, note = function(text) self.page:say(text) end,
    remains = "The pages before this step stay as they are; the same command begins the step again.", abort = true,
    keep = function(deviation) self:deviate(deviation) end }
end

--- Say it to the room and write it down.
function scene:say(text, ...)
  if select("#", ...) > 0 then text = text:format(...) end
  self.walk.room.say(text)
  self.page:say(text)
end

--- A digest in hex groups of four with the PGP words beneath, half a line at a time, as it is read aloud.
function scene:say_digest(hex)
  local groups, spoken = host.digest.groups(hex, 4), host.digest.words(hex, 8)
  local lines, word_lines = {}, {}
  for line in spoken:gmatch "[^\n]+" do word_lines[#word_lines + 1] = line end
  for line in groups:gmatch "[^\n]+" do
    lines[#lines + 1] = "    " .. line
    lines[#lines + 1] = "        " .. (word_lines[(#lines + 1) // 2] or "")
  end
  self:say(table.concat(lines, "\n"))
end

--- End the step without a page; the same command begins it again.
function scene:stop(text, ...) -- luacheck: ignore self
  error({ stop = select("#", ...) > 0 and text:format(...) or text }, 0)
end

--- The questions that a word asks, as the agenda lists them.
function scene.asks(word)
  local list = {}
  for index, prompt in ipairs(word.prompts) do list[index] = prompt.question end
  return list
end

function scene.slug(name) return host.page.slug(name) end

function scene:ask(word, index, question)
  local answer = self.walk.room.ask(word.prompts[index].id, question)
  self.page:say(("Asked: %s Answered: %s"):format(question, answer))
  return answer
end

--- Whether an answers file would give the same answer again.
function scene:is_answered(word, index)
  return self.walk.unattended or self.walk.room.has_answer(word.prompts[index].id)
end

--- The room asks until there is a yes, or the people decided to go on without one.
local function confirm(self, id, question)
  local answered = self.walk.room.confirm(id, question)
  self.page:say(("Asked: %s Answered: %s."):format(question, answered))
end

function scene:confirm(word, index, question) confirm(self, word.prompts[index].id, question) end

--- A decision that only a failure brings up. Yes is a deviation on the page, whichever attempt makes it; no ends the
--- step. `what` is in the prompt's id, so that what a file answers to one question is no answer to another.
function scene:decide(what, question, deviation)
  self.decisions[what] = (self.decisions[what] or 0) + 1
  confirm(self, ("%s.%s.%d"):format(self.step.slug, what, self.decisions[what]), question)
  deviation.by = self:operator()
  self:deviate(deviation)
end

--- {rule, expected, happened, decided, by}: kept at home before it is on the page, so that it outlives the attempt.
function scene:deviate(deviation)
  self.home:journal { kind = "decided", ceremony = self.walk.id, page = self.number, deviation = deviation }
  self.page:deviation(deviation)
end

function scene:operator()
  for _, person in ipairs(self.walk.people) do
    if person.role == "operator" then return person.name end
  end
  return self.walk.people[1].name
end

--- A new password by its name, for what it is `of`, strong, asked once a session with three tries. What a file holds is
--- not asked for again: then the first judgement stands.
function scene:new_secret(name, of)
  if self.walk.secrets[name] then return self.walk.secrets[name] end
  local question = ("A new password for %s (%s)"):format(of, host.secret.rule())
  local weakness
  for attempt = 1, 3 do
    local asked, secret = pcall(self.walk.room.secret, name, question, true, attempt)
    if not asked then error(type(secret) == "string" and weakness or secret, 0) end
    local strong, why = pcall(host.secret.check, secret, name)
    if strong then
      self.walk.secrets[name] = secret
      return secret
    end
    weakness = why
    if attempt < 3 then self.walk.room.say(why) end
  end
  return self:stop("%s", weakness)
end

--- Try to open something with a password, three times at most. `open(secret)` raises {wrong_password = true} when
--- it was the wrong one. The password is kept for the session, unless it is to be asked for each time (`once`).
function scene:try_password(name, question, open, is_encrypted, once)
  if not is_encrypted then return open(nil) end
  for attempt = 1, 3 do
    local secret = self.walk.secrets[name] or self.walk.room.secret(name, question, false, attempt)
    local fine, outcome = pcall(open, secret)
    if fine then
      if not once or self.rehearsal then self.walk.secrets[name] = secret end
      return outcome
    end
    if type(outcome) ~= "table" or not outcome.wrong_password then error(outcome, 0) end
    self.walk.secrets[name] = nil
    if attempt < 3 then self.walk.room.say(("That is not the password (try %d of 3)."):format(attempt)) end
  end
  return self:stop("three wrong passwords for the %s; nothing was done in this step. Find the right one, and run "
    .. "the same command again", name)
end

function scene:seconds() return dates.seconds(host.clock.now()) end -- luacheck: ignore self

--- Certificate names of a rehearsal carry the mark.
function scene:mark(name) return self.rehearsal and "REHEARSAL " .. name or name end
function scene:mark_subject(subject) return self.rehearsal and profiles.marked(subject) or subject end

--- Keys in hand, for this step only; with the file that one was unlocked from, and what opened that (nil: nothing).
function scene:hold(name, key, pem, secret)
  self.keys[name], self.files[name] = key, pem and { pem = pem, secret = secret, key = key }
end
function scene:held(name) return self.keys[name] end

--- At the end of the step, done or not: the keys are cleansed now, and so is what held their passwords.
function scene:release()
  for _, key in pairs(self.keys) do key:close() end
  self.keys, self.files = {}, {}
  collectgarbage()
end

--- An artefact by its name: made in this step, or by an earlier page. {name, kind, content, sha256, ...}
function scene:artefact(name)
  if self.made[name] then return self.made[name] end
  local output, number = self.record:output(name)
  if not output then self:stop('the record has no "%s" yet', name) end
  output.page = number
  if output.member then output.content = self.record:member(number, output.member) end
  return output
end

--- Every output of the record and of this step, oldest first.
local function outputs(self)
  local list = self.record:outputs()
  for _, output in ipairs(self.page:outputs()) do list[#list + 1] = output end
  return list
end

--- Something that the step used; named once on a page however often it is used.
function scene:input(artefact)
  if self.used[artefact.name] then return end
  self.used[artefact.name] = true
  self.page:input { name = artefact.name, kind = artefact.kind, page = artefact.page,
    sha256 = artefact.content and host.digest.hex(artefact.content) or artefact.sha256,
    key = artefact.content == nil and artefact.key or nil,
    spki_sha256 = artefact.content == nil and artefact.spki_sha256 or nil, opened_by = artefact.opened_by }
end

function scene:output(output, content)
  if content then
    output.sha256 = host.digest.hex(content)
  end
  self.page:output(output)
  local made = {}
  for member, value in pairs(output) do made[member] = value end
  made.content = content
  self.made[output.name] = made
end

--- evidence/<name>; returns the member's name.
function scene:evidence(name, content)
  self.page:evidence(name, content)
  return "evidence/" .. name
end

--- The member under which a public file of this station stands in the page.
function scene:member(path) return ("files/%s/%s"):format(self.walk.station, path) end

--- A public file of this station as it will be after this step; it must be on disk as the ledger has it.
function scene:file(path)
  local pending = self.page:pending(path)
  if pending then return pending end
  local recorded = self.record:file(self.walk.station .. "/" .. path)
  if not recorded then self:stop("%s is not in the ledger; this tree was not made in this ceremony", path) end
  local full = self.authority .. "/" .. path
  local is_there = host.file.exists(full)
  if not is_there or host.file.read(full) ~= recorded then
    self:stop("%s %s; put back what `git -C %s/ledger.git show main:%s/%s` shows", full,
      is_there and "was changed outside of the ceremony" or "is not there (is --authority the right folder?)",
      self.record:folder(), self.walk.station, path)
  end
  return recorded
end

--- The station's public files are on disk as the ledger has them, but for what an earlier attempt began to purge.
function scene:check_files()
  local purged, prefix = {}, self.walk.station .. "/"
  for _, intent in ipairs(self:intents "purge") do
    for _, file in ipairs(intent.files) do purged[file.path] = true end
  end
  for _, path in ipairs(self.record:files()) do
    local own = path:sub(1, #prefix) == prefix and path:sub(#prefix + 1)
    if own and not purged[own] then self:file(own) end
  end
end

--- A public file where the ledger has none: what lies there already is somebody's, and stays.
function scene:new_file(path, content, mode)
  local full = self.authority .. "/" .. path
  if not self.record:file(self.walk.station .. "/" .. path) and host.file.exists(full) then
    self:stop("%s is there already, and no page of this ceremony put it there; move it away", full)
  end
  self.page:file(path, content, mode)
end

--- Any file of the tree for the check, pending ones first, and what ca.json names elsewhere by its absolute path; nil
--- when it is not there.
function scene:peek(path)
  local outside = path:sub(1, 1) == "/"
  local pending = not outside and self.page:pending(path)
  if pending then return pending end
  local full = outside and path or self.authority .. "/" .. path
  return host.file.exists(full) and host.file.read(full) or nil
end

function scene:config() return self:file "config/ca.json" end

--- A tree that was there before is changed in hearing of all, and its file keeps its mode.
function scene:set_config(text)
  local place = "config/ca.json"
  if places.adopted(self) then
    self:say("What changes in ca.json:\n%s", (host.authority.change(self:file(place), text):gsub("\n$", "")))
  end
  self.page:file(place, text, self:mode(place) or 420)
end

--- The mode that the newest page before this step gave to a public file of this station; nil: none set it.
function scene:mode(path)
  local full = self.walk.station .. "/" .. path
  for number = self.number - 1, 1, -1 do
    for _, entry in ipairs(self.record:page(number).changed) do
      if entry.path == full then return tonumber(entry.mode, 8) end
    end
  end
  return nil
end

function scene:set_fingerprint(hex)
  local text = self:file "config/defaults.json"
  self.page:file("config/defaults.json", host.config.set(text, "fingerprint", hex), 420)
end

--- A file from the media. Its bytes go where a page says.
function scene:media(name)
  local path = self.walk.media .. "/" .. name
  if not host.file.exists(path) then
    self:stop("%s is not there; put the medium with %s in, and run the same command again", path, name)
  end
  return host.file.read(path)
end

--- A private key's file, in a box of its own: on the media, or among the station's own files, but not in both. One
--- that others may read is refused: what stands in for modes on a medium without them is chosen when it is mounted.
function scene:private_media(name)
  local media, own = self.walk.media .. "/" .. name, self.authority .. "/" .. name
  local on_media, at_home = host.file.exists(media), host.file.exists(own)
  if on_media and at_home then self:stop("%s and %s are both there; which key is meant?", media, own) end
  if not on_media and not at_home then
    self:stop("%s is neither on the media (%s) nor in %s", name, self.walk.media, self.authority)
  end
  return host.file.read_private(on_media and media or own)
end

function scene:template(path)
  for _, template in ipairs(self.walk.templates) do
    if template.path == path then return template.text end
  end
  return self:stop("page 0 has no template %s", path)
end

--- All words of a verb, in the order of the script.
function scene:words(verb)
  return coroutine.wrap(function()
    for _, step in ipairs(self.plan.steps) do
      for _, word in ipairs(step.words) do
        if word.verb == verb then coroutine.yield(word) end
      end
    end
  end)
end

--- The word of that verb that makes the artefact of that name, or nil.
function scene:named(verb, name)
  for word in self:words(verb) do
    if word.name == name then return word end
  end
  return nil
end

--- Words of later steps, as the plan has them.
function scene:later()
  local list = {}
  for _, step in ipairs(self.plan.steps) do
    if step.number > self.step.number then table.move(step.words, 1, #step.words, #list + 1, list) end
  end
  return list
end

function scene:purges_later()
  for _, word in ipairs(self:later()) do
    if word.verb == "purge" and word.station == self.walk.station then return true end
  end
  return false
end

--- What initialize generated: path -> output.
function scene:generated()
  local generated = {}
  for _, output in ipairs(self.record:outputs()) do
    if output.generated and output.station == self.walk.station then generated[output.place] = output end
  end
  return generated
end

--- The standing rule after a purge: none of those keys ever comes back.
function scene:refuse_purged(spki, what)
  for _, output in ipairs(outputs(self)) do
    if output.kind == "purged" and output.spki_sha256 == spki then
      self:stop("%s has the public key of %s, which was purged in this ceremony; somebody kept a copy of it: use "
        .. "another key", what, output.path)
    end
  end
end

--- What a rehearsal made has no place in a real run.
function scene:refuse_rehearsed(subject, what)
  if not self.rehearsal and subject:find("REHEARSAL ", 1, true) then
    self:stop("%s is from a rehearsal (%s); put the real one there, and run the same command again", what, subject)
  end
end

--- The newest key of this station's tree of which a member is that.
local function newest_key(self, member, value)
  local found
  for _, output in ipairs(outputs(self)) do
    local here = output.station == nil or output.station == self.walk.station
    if output.kind == "key" and output[member] == value and here then found = output end
  end
  return found
end

function scene:key_at(place) return newest_key(self, "place", place) end
function scene:key_with(spki) return newest_key(self, "spki_sha256", spki) end

--- The certificate signed under a root, if there is one by now.
function scene:signed_under(name)
  local found
  for _, output in ipairs(outputs(self)) do
    if output.kind == "certificate" and output.issuer == name and output.name ~= name then found = output.name end
  end
  return found and self:artefact(found)
end

--- The list's URL is the one in the certificates that its issuer signed (RFC 5280 4.2.1.13).
function scene:check_crl_url(word)
  local signed = self:signed_under(word.options.under)
  if not signed then return end
  local urls = host.certificate.read(signed.content, signed.name).crl_urls
  for _, url in ipairs(urls) do
    if url == word.options.url then return end
  end
  self:stop("the %s names %s for its revocation, and the list is to be published at %s", signed.name,
    #urls > 0 and table.concat(urls, ", ") or "no place", word.options.url)
end

--- Where an authority is to be initialized, nothing lies yet.
function scene.check_empty(folder)
  for _, name in ipairs(host.file.list(folder)) do
    if name ~= ".verger-staging" then
      scene:stop("%s is not empty (%s lies there); an authority is initialized in an empty folder: name "
        .. "another --authority", folder, name)
    end
  end
end

--- The URLs at which this ceremony publishes lists of an issuer: a set.
function scene:published_urls(issuer)
  local urls = {}
  for _, step in ipairs(self.plan.steps) do
    for _, word in ipairs(step.words) do
      if word.verb == "publish" and word.options.under == issuer then urls[word.options.url] = true end
    end
  end
  return urls
end

--- What an earlier attempt at this step signed and staged, or nil.
function scene:staged(file) return self.record:staged(self.number, file) end
function scene:stage(file, content) self.record:stage(self.number, file, content) end

--- Announce something irreversible, durably, before it is done.
function scene:intent(intent)
  intent.kind, intent.ceremony, intent.page = "intent", self.walk.id, self.number
  self.home:journal(intent)
end

--- What earlier attempts at this step announced.
function scene:intents(what, name)
  local list = {}
  for _, event in ipairs(journal.recent(self.walk, "intent")) do
    if event.intent == what and event.name == name then list[#list + 1] = event end
  end
  return list
end

function scene:register(entry)
  entry.ceremony, entry.page = self.walk.id, self.number
  self.home:register(entry)
end

return scene

--- From what a script said to a plan: plain tables, checked whole, every fault with its line. Nothing is done yet.
---
---   plan = { format, script = {name, sha256}, title, version, people = {{role, count, names}},
---            stations = {{name, text}}, templates = {{path, sha256}},
---            steps = {{number, title, slug, station, witnessed_by,
---                      words = {{verb, name, options, line, sentence, prompts}}}},
---            approvals, profile, -- where the script says them
---            begins }            -- begins, and the words' begins and ends, once the ceremony has started

local check = require "check"
local dates = require "dates"
local host = require "host"
local nearest = require "nearest"
local options = require "options"
local plain = require "plain"
local quote = require "quote"
local source = require "source"
local witnesses = require "witnesses"
local words = require "words"

local plan = {}

local MOST = 900 -- bytes of faults that are told at once: an error text has its bound (err.h)

local function faults_of(name, script)
  local faults, pieces = { name = name }, nil
  --- The line of a word's option, where the text shows it; else that of the word: {verb, line}.
  function faults.line_of(_, word, option)
    pieces = pieces or source.pieces(script)
    return option and source.option_line(pieces, word.verb, word.line, option) or word.line
  end
  function faults:add(line, text, ...)
    self[#self + 1] = { line = line or 0, place = #self, text = select("#", ...) > 0 and text:format(...) or text }
  end
  --- All of them at once, in the order of the lines.
  function faults:raise()
    if #self == 0 then return end
    table.sort(self, function(a, b) return a.line < b.line or a.line == b.line and a.place < b.place end)
    local lines, size = {}, 0
    for index, fault in ipairs(self) do
      local line = ("%s:%d: %s"):format(self.name, fault.line, fault.text)
      size = size + #line + 1
      if size > MOST and index > 1 then
        lines[index] = ("... and %d more"):format(#self - index + 1)
        break
      end
      lines[index] = line
    end
    error(table.concat(lines, "\n"), 0)
  end
  return faults
end

local function sorted_keys(entries)
  local keys = {}
  for key in pairs(entries) do keys[#keys + 1] = key end
  table.sort(keys)
  return keys
end

--- A value checked by a kind of options.lua; nil and a fault when it breaks the rule.
local function checked(faults, line, what, kind, value)
  local fine, outcome = pcall(kind, value)
  if fine then return outcome end
  faults:add(line, "%s %s", what, type(outcome) == "table" and outcome.rule or tostring(outcome))
  return nil
end

local function is_empty(raw) return not (raw.ceremony or raw.people or raw.stations or raw.steps[1]) end

local function head_of(raw, faults)
  local frame = raw.ceremony
  if not frame then
    faults:add(1, 'a script begins with: ceremony "Title" { version = "1.0" }')
    return {}
  end
  local known = { version = { kind = options.text, required = true }, approvals = { kind = options.people },
    profile = { kind = options.one_of(table.unpack(host.lint.profiles())) } }
  local given = options.check(known, frame.options,
    function(rule) faults:add(frame.line, "ceremony %s", rule) end)
  return { title = checked(faults, frame.line, "the title", options.text, frame.title), version = given.version,
    approvals = given.approvals, profile = given.profile }
end

--- `administrator = 1`, `administrator = "Ada Example"`, `witnesses = { "Ada", "Ben" }`.
local function role_of(faults, line, role, value)
  local what = "role " .. quote(role)
  if not role:find "^%l[%l_-]*$" or #role > 32 then
    faults:add(line, "%s must be a short name in lower-case letters", what)
  end
  if math.type(value) == "integer" then
    if value < 1 then faults:add(line, "nobody fills the %s; leave it out, or give it people", what) end
    if value > 20 then faults:add(line, "%s has more than 20 people", what) end
    return { role = role, count = value }
  end
  if type(value) == "boolean" then
    faults:add(line, '%s must be a number of people, a name, or a list such as { "Ada", "Ben" }', what)
    return { role = role, count = 0 }
  end
  if type(value) == "string" then
    return { role = role, count = 1, names = { checked(faults, line, what, options.person, value) } }
  end
  local names = checked(faults, line, what, options.persons, value) or {}
  return { role = role, count = #names, names = names }
end

local function people_of(raw, faults)
  local frame, people, holder = raw.people, {}, {}
  if not frame then
    faults:add(1, "a script says who takes part: people { administrator = 1, operator = 1, witnesses = 2 }")
    return people
  end
  for _, role in ipairs(sorted_keys(frame.entries)) do
    people[#people + 1] = role_of(faults, frame.line, role, frame.entries[role])
    for _, name in ipairs(people[#people].names or {}) do
      local same = options.same_person(name)
      if holder[same] == role then
        faults:add(frame.line, "%s stands twice in the role %s", quote(name), quote(role))
      elseif holder[same] then
        faults:add(frame.line, "%s fills both %s and %s; nobody fills two roles", quote(name), quote(holder[same]),
          quote(role))
      end
      holder[same] = role
    end
  end
  if #people == 0 then faults:add(frame.line, "people { ... } names nobody") end
  return people
end

local function stations_of(raw, faults)
  local frame, stations = raw.stations, {}
  if not frame then
    faults:add(1, 'a script names its stations: stations { ca = "the machine that will run step-ca" }')
    return stations
  end
  for _, name in ipairs(sorted_keys(frame.entries)) do
    local what = "station " .. quote(name)
    if not name:find "^%l[%l%d-]*$" or #name > 32 then
      faults:add(frame.line, "%s must have a short name of lower-case letters and digits", what)
    end
    local text = checked(faults, frame.line, what, options.text, frame.entries[name])
    stations[#stations + 1] = { name = name, text = text }
  end
  if #stations == 0 then faults:add(frame.line, "stations { ... } names none") end
  return stations
end

local function names_of(list)
  local names = {}
  for index, one in ipairs(list) do names[index] = one.name end
  return names
end

--- One word: its name and options as its definition wants them.
local function word_of(raw, step, faults, last)
  local definition = words[raw.verb]
  local word = { verb = raw.verb, line = raw.line, options = {} }
  local function fault(rule, option) faults:add(faults:line_of(raw, option), "%s %s", raw.verb, rule) end
  if definition.name and raw.name == nil then
    fault(('wants a name: %s "..."'):format(raw.verb))
  elseif not definition.name and raw.name ~= nil then
    fault("takes no name, only { ... }")
  elseif definition.name then
    local kind = type(definition.name) == "table" and definition.name.check or definition.name
    word.name = checked(faults, raw.line, ("%s: the text behind it"):format(raw.verb), kind, raw.name)
  end
  word.options = options.check(definition.options, raw.options or {}, fault)
  word.step, word.station, word.last = step.number, step.station, last
  return word
end

local function station_of(raw, what, stations, faults)
  local given = raw.options.at
  if #stations == 0 then return nil end
  if given == nil then
    faults:add(raw.line, '%s has no station: give it at = "..."', what)
  elseif type(given) ~= "string" then
    faults:add(raw.line, "%s: at must be the name of a station in quotes, not %s", what, plain.kind(given))
  else
    for _, station in ipairs(stations) do
      if station.name == given then return given end
    end
    faults:add(raw.line, "%s: unknown station %s%s", what, quote(given), nearest.hint(given, names_of(stations)))
  end
  return nil
end

local function step_of(raw, number, stations, faults, last)
  local what = "step " .. quote(raw.title)
  local known = { at = { kind = function(value) return value end }, witnessed_by = { kind = options.count } }
  local given = options.check(known, raw.options, function(rule)
    faults:add(raw.line, "%s %s", what, rule)
  end)
  local title = checked(faults, raw.line, "the title of a step", options.text, raw.title) or ""
  local step = { number = number, line = raw.line, title = title, slug = host.page.slug(title) or "",
    station = station_of(raw, what, stations, faults), witnessed_by = given.witnessed_by, words = {} }
  if title ~= "" and step.slug == "" then faults:add(raw.line, "%s needs a letter or digit in its title", what) end
  if #raw.words == 0 then faults:add(raw.line, "%s does nothing", what) end
  for index, word in ipairs(raw.words) do step.words[index] = word_of(word, step, faults, last) end
  return step
end

--- Nobody can wait for more witnesses than there are.
local function witnessed(made, faults)
  local there = witnesses.planned(made.people)
  for _, step in ipairs(made.steps) do
    if (step.witnessed_by or 0) > there then
      faults:add(step.line, 'step %s wants %d witnesses, and people { ... } has %s in the role "witnesses"',
        quote(step.title), step.witnessed_by, there == 0 and "nobody" or there)
    end
  end
end

local function steps_of(raw, stations, faults)
  local steps, lines = {}, { start = 0, script = 0, abort = 0, aborted = 0, signers = 0 }
  for number, one in ipairs(raw.steps) do
    local step = step_of(one, number, stations, faults, number == #raw.steps)
    local before = lines[step.slug]
    if before and step.slug ~= "" then
      faults:add(one.line, "step %s would have the same page name (%s) as %s", quote(step.title), step.slug,
        before == 0 and "what every ceremony has of its own" or "the step on line " .. before)
    end
    lines[step.slug] = one.line
    steps[number] = step
  end
  if #steps == 0 then faults:add(1, 'a script has steps: step "Title" { at = "ca", ... }') end
  return steps
end

--- Sentences, and prompts with their ids: step.verb.n.
local function speak(made)
  local steps = made.steps
  for _, step in ipairs(steps) do
    local count = {}
    for _, word in ipairs(step.words) do
      local definition = words[word.verb]
      word.people = made.people
      word.sentence = definition.sentence(word)
      word.prompts = {}
      for index, question in ipairs(definition.prompts(word)) do
        count[word.verb] = (count[word.verb] or 0) + 1
        word.prompts[index] = { id = ("%s.%s.%d"):format(step.slug, word.verb, count[word.verb]), question = question }
      end
    end
  end
end

--- Where a script's templates come from: from beside it, or from what page 0 kept.
local function reader_of(path, kept)
  if not kept then return function(name) return host.script.template(path, name) end end
  return function(name) return kept.templates[name] or error("page 0 has no template " .. name, 0) end
end

--- Read, describe and check a script: from disk, or as page 0 kept it ({text, templates = {[path] = text}}). Raises
--- every fault at once.
function plan.load(path, kept)
  local script = host.script.describe(path, words.names(), kept and kept.text)
  local faults = faults_of(script.path, script.text)
  if is_empty(script.description) then
    error(script.path .. ': says nothing; a script begins with: ceremony "Title" { version = "1.0" }', 0)
  end
  local made = head_of(script.description, faults)
  made.format = "verger-plan-1"
  made.script = { name = script.name, sha256 = script.sha256 }
  made.people = people_of(script.description, faults)
  made.stations = stations_of(script.description, faults)
  made.steps = steps_of(script.description, made.stations, faults)
  witnessed(made, faults)
  faults:raise()
  local texts = check.plan(made, reader_of(path, kept), faults)
  faults:raise()
  speak(made)
  made.templates = {}
  for index, template in ipairs(texts) do
    made.templates[index] = { path = template.path, sha256 = host.digest.hex(template.text) }
  end
  return made, { text = script.text, templates = texts }
end

--- Fix every date from the start of the ceremony; after this nothing reads a clock to choose one.
function plan.resolve(made, begins)
  made.begins = begins
  for _, step in ipairs(made.steps) do
    for _, word in ipairs(step.words) do
      local given = word.options
      if given.valid_for or given.ends then
        word.begins = given.begins or begins
        --- Both ends of a certificate's validity are inside it (RFC 5280 4.1.2.5); a list's nextUpdate is an instant.
        local less = words[word.verb].makes == "certificate" and 1 or 0
        word.ends = given.ends
          or dates.text(dates.add(dates.seconds(word.begins), dates.span(given.valid_for)) - less)
        local dated = words[word.verb].dated
        local fault = dated and dated(word, word.begins)
        if fault then error(("%s:%d: %s: %s"):format(made.script.name, word.line, word.verb, fault), 0) end
      end
    end
  end
  speak(made)
end

--- The plan as page 0 keeps it: canonical JSON without lines' derived fields.
function plan.encode(made)
  local array = host.json.array
  local function word_json(word)
    local prompts = {}
    for index, prompt in ipairs(word.prompts) do prompts[index] = { id = prompt.id, question = prompt.question } end
    return { verb = word.verb, name = word.name, options = next(word.options) and word.options or host.json.object {},
      line = word.line, sentence = word.sentence, prompts = array(prompts), begins = word.begins, ends = word.ends }
  end
  local steps = {}
  for index, step in ipairs(made.steps) do
    local list = {}
    for n, word in ipairs(step.words) do list[n] = word_json(word) end
    steps[index] = { number = step.number, title = step.title, slug = step.slug, station = step.station,
      witnessed_by = step.witnessed_by, words = array(list) }
  end
  return host.json.encode { format = made.format, script = made.script, title = made.title, version = made.version,
    approvals = made.approvals, profile = made.profile, people = array(made.people),
    stations = array(made.stations), templates = array(made.templates),
    steps = array(steps), begins = made.begins }
end

return plan

--- The agenda: the plan in sentences with boxes, people and stations; and its prompts. It prints; it does nothing.

local abort = require "abort"
local approvals = require "approvals"
local booklet = require "booklet"
local lints = require "lints"
local machine = require "machine"
local opening = require "opening"
local signers = require "signers"
local witnesses = require "witnesses"
local people = require "person"

local agenda = {}

local function hash_line(made) return ("%s, SHA-256 %s"):format(made.script.name, made.script.sha256) end

--- Break a paragraph at spaces so that it fits `width` columns.
local function wrapped(text, width, indent)
  local lines, line = {}, ""
  for word in text:gmatch "%S+" do
    if line ~= "" and utf8.len(line) + 1 + utf8.len(word) > width then
      lines[#lines + 1], line = line, word
    else
      line = line == "" and word or line .. " " .. word
    end
  end
  lines[#lines + 1] = line
  return table.concat(lines, "\n" .. indent)
end

--- Every place to fill, named or blank: calls `put(role, name or nil)`.
local function each_person(made, put)
  for _, role in ipairs(made.people) do
    for index = 1, role.count do put(people.one_of(role.role), role.names and role.names[index]) end
  end
end

local function text_step(step, lines)
  lines[#lines + 1] = ""
  lines[#lines + 1] = ("%2d. %s  (at %s)"):format(step.number, step.title, step.station)
  for _, word in ipairs(step.words) do
    lines[#lines + 1] = "    [ ] " .. wrapped(word.sentence, 68, "        ")
    for _, prompt in ipairs(word.prompts) do
      if prompt.question ~= word.sentence then
        lines[#lines + 1] = "        ? " .. wrapped(prompt.question, 66, "          ")
      end
    end
  end
  if step.witnessed_by then
    lines[#lines + 1] = "    [ ] " .. wrapped(witnesses.sentence(step.witnessed_by), 68, "        ")
  end
end

function agenda.text(made)
  local lines = { made.title, ("version %s"):format(made.version), hash_line(made),
    "linted as " .. lints.profile(made), "", "People" }
  each_person(made, function(role, name)
    lines[#lines + 1] = ("    [ ] %-16s %s"):format(role, name or ("_"):rep(32))
  end)
  local approved = approvals.sentence(made)
  if approved then lines[#lines + 1] = "    [ ] " .. wrapped(approved, 68, "        ") end
  lines[#lines + 1] = ""
  lines[#lines + 1] = "Stations"
  for _, station in ipairs(made.stations) do
    lines[#lines + 1] = ("    %-8s %s"):format(station.name, station.text)
  end
  for _, step in ipairs(made.steps) do text_step(step, lines) end
  return table.concat(lines, "\n") .. "\n"
end

--- What a file may have at each of them.
local ANSWERS = [[

At each of them a file may have, in place of the answer, a stop ("stop" where a yes is asked for, "!stop" elsewhere) or
    {"exception": {"expected": "...", "happened": "...", "decided": "...", "by": "a person's name"}, "then": ANSWER}
ANSWER is what is given when it is asked again; or "stop"; or "go on", where a yes is asked for: on without one.]]

--- Every prompt id with its question, for an answers file.
function agenda.prompts(made)
  local lines = {}
  local function put(prompt)
    if prompt then lines[#lines + 1] = ("%-42s  %s"):format(prompt.id, prompt.question) end
  end
  for _, prompt in ipairs(opening.prompts(made)) do put(prompt) end
  local last = made.steps[1].station
  for _, step in ipairs(made.steps) do
    if step.station ~= last then
      put { id = step.slug .. ".head.1", question = "a word of the head (never with --unattended)" }
      put { id = step.slug .. ".head.2", question = "a word of the head (never with --unattended)" }
      last = step.station
    end
    put { id = step.slug .. ".present.1", question = "Are all present? (where a station begins again)" }
    put(machine.prompt(made, step.station, step.slug))
    for _, word in ipairs(step.words) do
      for _, prompt in ipairs(word.prompts) do put(prompt) end
    end
  end
  for _, prompt in ipairs(abort.prompts()) do put(prompt) end
  for _, prompt in ipairs(signers.prompts()) do put(prompt) end
  lines[#lines + 1] = ANSWERS
  return table.concat(lines, "\n") .. "\n"
end

--- The plan as a document to be printed: canonical JSON.
agenda.booklet = booklet.document

function agenda.print(made, form)
  return agenda[form](made)
end

return agenda

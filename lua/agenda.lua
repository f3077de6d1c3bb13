--- The agenda: the plan in sentences with boxes, people and stations. It prints; it does nothing.

local abort = require "abort"
local approvals = require "approvals"
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

local function markdown_escape(text) return (text:gsub("[\\`*_{}%[%]<>#|]", "\\%0")) end

function agenda.markdown(made)
  local lines = { "# " .. markdown_escape(made.title), "", ("Version %s; `%s`, SHA-256 `%s`; linted as %s"):format(
    markdown_escape(made.version), made.script.name, made.script.sha256, lints.profile(made)), "", "## People", "" }
  each_person(made, function(role, name)
    lines[#lines + 1] = ("- [ ] %s: %s"):format(role, name and markdown_escape(name) or "")
  end)
  local approved = approvals.sentence(made)
  if approved then lines[#lines + 1] = "- [ ] " .. markdown_escape(approved) end
  lines[#lines + 1] = "\n## Stations\n"
  for _, station in ipairs(made.stations) do
    lines[#lines + 1] = ("- **%s**: %s"):format(station.name, markdown_escape(station.text))
  end
  for _, step in ipairs(made.steps) do
    lines[#lines + 1] = ("\n## %d. %s\n\nAt **%s**.\n"):format(step.number, markdown_escape(step.title), step.station)
    for _, word in ipairs(step.words) do
      lines[#lines + 1] = "- [ ] " .. markdown_escape(word.sentence)
      for _, prompt in ipairs(word.prompts) do
        if prompt.question ~= word.sentence then
          lines[#lines + 1] = "  - asked: " .. markdown_escape(prompt.question)
        end
      end
    end
    if step.witnessed_by then lines[#lines + 1] = "- [ ] " .. witnesses.sentence(step.witnessed_by) end
  end
  return table.concat(lines, "\n") .. "\n"
end

local ENTITY = { ["&"] = "&amp;", ["<"] = "&lt;", [">"] = "&gt;", ['"'] = "&quot;" }
local function html_escape(text) return (text:gsub('[&<>"]', ENTITY)) end

local STYLE = [[
body { font: 1rem/1.5 serif; max-width: 44rem; margin: 2rem auto; padding: 0 1rem; color: #111; background: #fff }
h1 { line-height: 1.2 } h2 { margin-top: 2rem; border-bottom: 1px solid; break-after: avoid }
ul { list-style: none; padding-left: 0 }
li { margin: .4rem 0; padding-left: 2rem; text-indent: -2rem; break-inside: avoid }
li::before { content: "\2610"; display: inline-block; width: 2rem; text-indent: 0 }
.asked { display: block; text-indent: 0; font-style: italic } .at { float: right; font-weight: normal }
code { overflow-wrap: anywhere } .plain li::before { content: none } .plain li { padding: 0; text-indent: 0 }
@media (prefers-color-scheme: dark) { @media screen { body { color: #eee; background: #111 } } }
]]

local function html_step(step, out)
  out[#out + 1] = ('<h2>%d. %s <span class="at">at %s</span></h2>\n<ul>'):format(step.number, html_escape(step.title),
    html_escape(step.station))
  for _, word in ipairs(step.words) do
    local asked = ""
    for _, prompt in ipairs(word.prompts) do
      if prompt.question ~= word.sentence then
        asked = asked .. ('<span class="asked">%s</span>'):format(html_escape(prompt.question))
      end
    end
    out[#out + 1] = ("<li>%s%s</li>"):format(html_escape(word.sentence), asked)
  end
  if step.witnessed_by then
    out[#out + 1] = ("<li>%s</li>"):format(html_escape(witnesses.sentence(step.witnessed_by)))
  end
  out[#out + 1] = "</ul>"
end

function agenda.html(made)
  local title = html_escape(made.title)
  local out = {
    '<!DOCTYPE html>\n<html lang="en">\n<head>\n<meta charset="utf-8">',
    '<meta name="viewport" content="width=device-width, initial-scale=1">',
    ("<title>%s</title>\n<style>\n%s</style>\n</head>\n<body>\n<h1>%s</h1>"):format(title, STYLE, title),
    ("<p>Version %s; <code>%s</code>, SHA-256 <code>%s</code>; linted as %s</p>"):format(html_escape(made.version),
      html_escape(made.script.name), made.script.sha256, lints.profile(made)),
    "<h2>People</h2>\n<ul>",
  }
  each_person(made, function(role, name)
    out[#out + 1] = ("<li>%s: %s</li>"):format(html_escape(role), name and html_escape(name) or ("_"):rep(32))
  end)
  local approved = approvals.sentence(made)
  if approved then out[#out + 1] = ("<li>%s</li>"):format(html_escape(approved)) end
  out[#out + 1] = '</ul>\n<h2>Stations</h2>\n<ul class="plain">'
  for _, station in ipairs(made.stations) do
    out[#out + 1] = ("<li><b>%s</b>: %s</li>"):format(html_escape(station.name), html_escape(station.text))
  end
  out[#out + 1] = "</ul>"
  for _, step in ipairs(made.steps) do html_step(step, out) end
  out[#out + 1] = "</body>\n</html>\n"
  return table.concat(out, "\n")
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

function agenda.print(made, form)
  return agenda[form](made)
end

return agenda

--- lua/agenda.lua: the plan as text, and as a list of prompts.

local agenda = require "agenda"
local host = require "host"
local plan = require "plan"
local scratch = require "scratch"
local tap = require "tap"

local FLAGSHIP = plan.load "lua/ceremonies/intermediate-ca.lua"

local ODD = plan.load(scratch.write("odd.lua", [[
ceremony 'A "quoted" <b>title</b> & *stars* _and_ [links](x) `code` #1 | 2' { version = "<1>" }
people { operator = "Zoë & Söhne", ["key-holders"] = 2 }
stations { ca = "a <machine> & more" }
step "<script>alert('x')</script>" { at = "ca",
  say "## not a heading, <i>not</i> italic, &amp; so on\\",
  confirm "Is 1 < 2 & 2 > 1?",
}
]]))

local function count(text, words)
  local found, at = 0, 1
  while true do
    local first, last = text:find(words, at, true)
    if not first then return found end
    found, at = found + 1, last + 1
  end
end

local function words_of(made)
  local list = {}
  for _, step in ipairs(made.steps) do table.move(step.words, 1, #step.words, #list + 1, list) end
  return list
end

local function places_of(made)
  local places = 0
  for _, role in ipairs(made.people) do places = places + role.count end
  return places
end

tap.test("text: every sentence, question, step and place, each word with a box", function()
  for _, made in ipairs { FLAGSHIP, ODD } do
    local text = agenda.text(made)
    local flat = text:gsub("%s+", " ")
    for _, word in ipairs(words_of(made)) do
      assert(flat:find("[ ] " .. word.sentence:gsub("%s+", " "), 1, true), word.sentence)
      for _, prompt in ipairs(word.prompts) do assert(flat:find(prompt.question, 1, true), prompt.question) end
    end
    for _, step in ipairs(made.steps) do
      assert(text:find(("%2d. %s  (at %s)"):format(step.number, step.title, step.station), 1, true), step.title)
    end
    tap.equal(count(text, "[ ]"), #words_of(made) + places_of(made))
    assert(text:find(made.script.sha256, 1, true) and text:sub(-1) == "\n")
  end
end)

tap.test("text: no line is wider than a page", function()
  for line in agenda.text(FLAGSHIP):gmatch "[^\n]+" do
    assert(utf8.len(line) <= 78 or line:find "SHA%-256" or not line:find "%s%S+%s", line)
  end
end)

tap.test("prompts: one line each, every id once, and every prompt of the plan", function()
  local seen = {}
  local list, more = agenda.prompts(FLAGSHIP):match "^(.-\n)\n(.*)$"
  assert(more:find('"exception"', 1, true) and more:find("go on", 1, true))
  for line in list:gmatch "[^\n]+" do
    local id, question = line:match "^(%S+)%s+(.+)$"
    assert(id and not seen[id], line)
    seen[id] = question
  end
  for _, word in ipairs(words_of(FLAGSHIP)) do
    for _, prompt in ipairs(word.prompts) do tap.equal(seen[prompt.id], prompt.question, prompt.id) end
  end
  assert(seen["start.administrator.1"] and seen["start.witnesses.2"] and seen["start.plan.1"] and seen["abort.why.1"])
  assert(seen["sign-offline.network.1"] and not seen["start.network.1"], "where it is offline")
end)

tap.test("every form ends in a newline, and does nothing but print", function()
  for _, form in ipairs { "text", "prompts" } do
    local printed = agenda.print(FLAGSHIP, form)
    assert(printed:sub(-1) == "\n" and #printed > 200, form)
    tap.equal(agenda.print(FLAGSHIP, form), printed)
  end
  tap.equal(host.digest.hex(agenda.text(FLAGSHIP)), host.digest.hex(agenda.text(plan.load(
    "lua/ceremonies/intermediate-ca.lua"))))
end)

tap.done()

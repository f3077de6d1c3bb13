--- The booklet that is printed before the day: the plan as a document (audit/document.h) with places to sign, to tick
--- and to write. It prints; it does nothing.

local approvals = require "approvals"
local budget = require "budget"
local host = require "host"
local lints = require "lints"
local machine = require "machine"
local materials = require "materials"
local opening = require "opening"
local people = require "person"
local previous = require "previous"
local sheets = require "sheets"
local witnesses = require "witnesses"
local words = require "words"

local booklet = {}

local array = host.json.array
local boxes, digest, form, line, section = sheets.boxes, sheets.digest, sheets.form, sheets.line, sheets.section

-- ---- before the day ----

local READING = {
  "Every box is ticked when what stands beside it is done, by the one who reads along. What is asked is answered at "
    .. "the station's keyboard; what is read aloud is written down, and compared with the screen.",
  "At every question people can also answer stop, or exception. A stop leaves nothing of the step but what stands "
    .. "behind a point of no return; the same command begins it again. An exception is said at the keyboard, and "
    .. "written on an exception sheet.",
  "A point of no return stands before the box behind which there is no way back. Nobody ticks that box, or answers its "
    .. "question, before all agree that everything above it is right.",
}

--- Those who hold sealing keys that page 0 names: a station each, and the witnesses who seal.
local function signers(made)
  local list, most = {}, 0
  for _, station in ipairs(materials.stations(made)) do list[#list + 1] = "station " .. station.name end
  for _, step in ipairs(made.steps) do most = math.max(most, step.witnessed_by or 0) end
  for index = 1, most do list[#list + 1] = ("witness %d of %d"):format(index, most) end
  return list
end

local function lead(made)
  local rows = array {}
  local function add(name, value) rows[#rows + 1] = { name = name, value = value } end
  add("Version", made.version)
  add("Script", made.script.name)
  add("Its SHA-256", { style = "code", text = made.script.sha256 })
  for _, template in ipairs(made.templates) do
    add("Template", template.path)
    add("Its SHA-256", { style = "code", text = template.sha256 })
  end
  add("Linted as", lints.profile(made))
  return array { { kind = "fields", rows = rows }, line { "Date", "Place", "Copy number", "Whose copy" } }
end

local function reading()
  local items = {}
  for index, text in ipairs(READING) do items[index] = text end
  return section("reading", "How to read this booklet", { { kind = "list", items = array(items) } })
end

local function those_present(made)
  local rows = {}
  for _, role in ipairs(made.people) do
    for index = 1, role.count do
      rows[#rows + 1] = { people.one_of(role.role), role.names and role.names[index] or "", "", "", "" }
    end
  end
  local blocks = { sheets.text("The signature and the initials that each of them uses in this booklet. Somebody else "
    .. "has seen a document that shows who they are."),
    form("Specimens of signatures", { { "Role", 15 }, { "Name", 25 }, { "Signature", 27 }, { "Initials", 11 },
      { "Identity seen by", 22 } }, rows) }
  local approved = approvals.sentence(made)
  if approved then blocks[#blocks + 1] = boxes { { text = approved } } end
  return section("people", "People", blocks)
end

local KINDS = { file = "file on the media", key = "key on the media", made = "made on the day",
  paper = "paper", medium = "medium" }

local function numbers(steps) return (#steps == 1 and "step " or "steps ") .. table.concat(steps, ", ") end

--- The things of one station, as rows with boxes.
local function things(made, station, first)
  local rows = {}
  local function add(what, why, steps) rows[#rows + 1] = { what, why, steps, { style = "box" }, "" } end
  add("the machine", station.text, "all")
  add("verger, the script and its templates", "the same bytes at every station", "all")
  add("--home of the station, with its seal.key", "made by verger enrol --station " .. station.name, "all")
  add("password: seal", "opens the sealing key", "all")
  if first then
    add("certificates to enrol", table.concat(signers(made), ", "), "the beginning")
    add("record of the rehearsal", "of this script and this program", "the beginning")
  end
  if first and previous.signs(made) then
    add("record of the ceremony before", "with the same root; or its head, from the signed paper", "the beginning")
  end
  for _, one in ipairs(materials.things(made, station.name)) do
    add(("%s: %s"):format(KINDS[one.kind] or one.kind, one.what), one.why, numbers(one.steps))
  end
  for _, one in ipairs(materials.passwords(made, station.name)) do
    add("password: " .. one.what, one.new and "chosen in the room" or "known before the day", numbers(one.steps))
  end
  return rows
end

local function needed(made)
  local blocks = {}
  for index, station in ipairs(materials.stations(made)) do
    blocks[#blocks + 1] = { kind = "heading", id = "at-" .. station.name, title = "At " .. station.name }
    blocks[#blocks + 1] = form("Materials at " .. station.name, { { "What", 30 }, { "What it is", 30 }, { "For", 13 },
      { "There", 8 }, { "Bag, number", 19 } }, things(made, station, index == 1))
  end
  if #materials.stations(made) > 1 then
    blocks[#blocks + 1] = boxes { { text = "An empty medium that carries the record between the stations, and nothing "
      .. "else." } }
  end
  return section("materials", "Materials", blocks, true)
end

-- ---- the day ----

local TITLES = { opening = "Beginning", close = "End" }

local function row_title(row)
  if row.kind == "step" then return ("%d. %s"):format(row.step.number, row.step.title) end
  return TITLES[row.kind] or ("The record is carried to %s"):format(row.station)
end

local function timetable(rows)
  local lines = {}
  for index, row in ipairs(rows) do
    lines[index] = { row_title(row), row.station, budget.spoken(row.minutes), budget.spoken(row.after), "", "" }
  end
  return section("time", "Time", {
    sheets.text(("About %s without pauses: %d minute for each question, %d for each hash that is read aloud, and what "
      .. "the machine needs. It is an estimate; a rehearsal with the same people tells better."):format(
      budget.spoken(rows[#rows].after), budget.QUESTION, budget.DIGEST)),
    form("Time", { { "What", 36 }, { "At", 12 }, { "Takes", 12 }, { "Done after", 14 }, { "Began", 13 },
      { "Ended", 13 } }, lines),
  }, true)
end

--- What is asked at the start of a ceremony, but for the names, which stand among the people.
local function opening_boxes(made)
  local items = {
    { text = "The clock of the machine and a watch say the same.", asked = array { "What do they say?" } },
    { text = "Everybody says their name and role, as it stands among the people." },
  }
  for _, prompt in ipairs(opening.prompts(made)) do
    local role = prompt.id:match "^start%.([%l_-]+)%.%d+$"
    local names = false
    for _, one in ipairs(made.people) do names = names or one.role == role end
    if not names then
      items[#items + 1] = { text = prompt.question .. (prompt.when and (" (asked when %s)"):format(prompt.when) or "") }
    end
  end
  return boxes(items)
end

local function beginning(made)
  local blocks = { opening_boxes(made) }
  for _, signer in ipairs(signers(made)) do
    blocks[#blocks + 1] = digest(("Fingerprint of the enrolled certificate of %s"):format(signer))
  end
  blocks[#blocks + 1] = line { "The ceremony begins at (UTC)", "Id of the ceremony" }
  return section("beginning", TITLES.opening, blocks, true)
end

--- A word's box, and what is asked there that its sentence does not say.
local function item_of(word)
  local asked, definition = {}, words[word.verb]
  for _, prompt in ipairs(word.prompts) do
    if prompt.question ~= word.sentence then asked[#asked + 1] = prompt.question end
  end
  local final = definition.final and definition.final(word)
  return { text = word.sentence, asked = array(asked), mark = final and "Point of no return: " .. final .. "." or nil }
end

local function notes_of(word)
  local notes = words[word.verb].notes
  return notes and notes(word) or {}
end

--- What is written down before or behind a word's box: a line of short things, and each hash by itself.
local function written(word, before, blocks)
  local short, long = {}, {}
  for _, note in ipairs(notes_of(word)) do
    if note.before == before and note.digest then
      long[#long + 1] = digest(note.label)
    elseif note.before == before then
      short[#short + 1] = note.label
    end
  end
  if #short > 0 then blocks[#blocks + 1] = line(short) end
  table.move(long, 1, #long, #blocks + 1, blocks)
end

--- A word with what is written down for it, on one page.
local function group_of(word)
  local blocks = {}
  written(word, true, blocks)
  blocks[#blocks + 1] = boxes { item_of(word) }
  written(word, nil, blocks)
  return sheets.group(blocks)
end

local function carried(step)
  local after = { { text = ("The record is copied to the medium, and carried to %s; the custody form says by whom.")
      :format(step.station) },
    { text = ("At %s the same command is typed. It verifies the record, and asks for two words of the head, which are "
      .. "typed from this page."):format(step.station) } }
  return section("to-" .. step.slug, "The record is carried to " .. step.station, {
    boxes { { text = "The head that the station says is read aloud from its screen, written down here, and compared "
      .. "by a second person." } },
    digest("Head of the record", true), boxes(after),
    line { "Left at (UTC)", "Arrived at (UTC)", "Carried by", "Seen by" },
  })
end

--- How a step ends.
local function sealed(step)
  local items = { { text = "The page is sealed; the station says so." } }
  if step.witnessed_by then
    items[2] = { text = witnesses.sentence(step.witnessed_by), asked = array { "Who sealed?" } }
  end
  return sheets.group { boxes(items),
    line { "Began (UTC)", "Ended (UTC)", "Operator's initials", "Witnesses' initials" } }
end

local function of_step(made, step, begins)
  local blocks, items = {}, {}
  blocks[1] = sheets.text { "At ", { style = "strong", text = step.station }, (", about %s."):format(
    budget.spoken(budget.step(step))) }
  local network = begins and machine.prompt(made, step.station, step.slug)
  if network then items[1] = { text = network.question } end
  for _, word in ipairs(step.words) do
    if #notes_of(word) > 0 then
      blocks[#blocks + 1] = #items > 0 and boxes(items) or nil
      blocks[#blocks + 1], items = group_of(word), {}
    else
      items[#items + 1] = item_of(word)
    end
  end
  blocks[#blocks + 1] = #items > 0 and boxes(items) or nil
  blocks[#blocks + 1] = sealed(step)
  return section("step-" .. step.slug, ("%d. %s"):format(step.number, step.title), blocks)
end

--- The steps, and how the record gets from one station to the next.
local function walk(made, sections)
  local station = made.steps[1].station
  for _, step in ipairs(made.steps) do
    local begins = step.station ~= station
    if begins then sections[#sections + 1] = carried(step) end
    sections[#sections + 1], station = of_step(made, step, begins), step.station
  end
end

local function ending(made)
  local rows = {}
  for _, role in ipairs(made.people) do
    for index = 1, role.count do
      rows[#rows + 1] = { people.one_of(role.role), role.names and role.names[index] or "", "", "" }
    end
  end
  return section("end", TITLES.close, {
    boxes { { text = "The head of the whole record is read aloud, in hex and in words, and written down here by two "
      .. "people in two booklets. Who has this page can tell this record from every other." } },
    digest("Head of the record", true),
    form("Signatures under this head", { { "Role", 20 }, { "Name", 28 }, { "Signature", 34 }, { "Date", 18 } }, rows),
    sheets.group { boxes {
      { text = "Each witness seals the closing statement (verger witness RECORD --close)." },
      { text = "The record is copied for everybody who is to keep one, and each copy is verified with this head "
        .. "(verger verify RECORD --head), on another machine." },
      { text = "Keys, cards and papers are back in their safes; the custody forms say so." },
      { text = "The exception sheets are numbered, and as many as the record has exceptions." },
    }, line { "Ended (UTC)", "Exceptions", "Copies of the record" } },
  }, true)
end

--- The plan as a document: canonical JSON.
function booklet.document(made)
  local rows = budget.of(made, #signers(made))
  local sections = { reading(), those_present(made), needed(made), timetable(rows), beginning(made) }
  walk(made, sections)
  sections[#sections + 1] = ending(made)
  sheets.exceptions(sections)
  sheets.custody(sections, made)
  return host.json.encode { title = made.title, language = "en", lead = lead(made), sections = array(sections),
    running = { head = ("%s, version %s"):format(made.title, made.version),
      foot = ("%s, SHA-256 %s"):format(made.script.name, made.script.sha256) } }
end

return booklet

--- What a booklet is made of (audit/document.h), and the sheets that are the same for every ceremony: exceptions and
--- custody.

local host = require "host"
local materials = require "materials"

local sheets = {}

local array = host.json.array

--- Lists are arrays, also where they are empty.
function sheets.section(id, title, blocks, page)
  return { id = id, title = title, blocks = array(blocks), page = page or nil }
end

function sheets.text(text) return { kind = "text", text = type(text) == "table" and array(text) or text } end

--- Boxes to tick: {{text, mark, asked}}.
function sheets.boxes(items) return { kind = "boxes", items = array(items) } end

--- Places for a hash, in fours; with two words beneath each four where it is read aloud in words.
function sheets.digest(label, spoken) return { kind = "digest", label = label, words = spoken or nil } end

--- Short blanks beside each other.
function sheets.line(labels) return { kind = "blanks", title = "", labels = array(labels) } end

--- What stays on one page.
function sheets.group(blocks) return { kind = "group", blocks = array(blocks) } end

--- A table to be filled in by hand: {{column, share of the width in percent}}; "" is a place to write.
function sheets.form(label, columns, rows)
  local list, names, widths = {}, {}, {}
  for index, column in ipairs(columns) do names[index], widths[index] = column[1], column[2] end
  for index, row in ipairs(rows) do list[index] = { cells = array(row) } end
  return { kind = "table", form = true, label = label, columns = array(names), widths = array(widths),
    rows = array(list) }
end

local function rows_of(count, columns)
  local rows = {}
  for index = 1, count do
    rows[index] = {}
    for column = 1, columns do rows[index][column] = "" end
  end
  return rows
end

local EXCEPTIONS = 2

--- One sheet an exception; more are copied from these.
function sheets.exceptions(sections)
  for number = 1, EXCEPTIONS do
    sections[#sections + 1] = sheets.section(("exception-%d"):format(number), ("Exception sheet %d"):format(number), {
      sheets.text "One for each exception, copied as needed. It is said at the keyboard too, and stands on the page.",
      sheets.line { "Number", "Step", "Time (UTC)", "Station" },
      { kind = "space", label = "What was expected", lines = 3 },
      { kind = "space", label = "What happened", lines = 4 },
      { kind = "space", label = "What was decided, and why", lines = 4 },
      sheets.line { "Decided by", "Said at the keyboard", "Page of the record" },
      sheets.form("Signatures", { { "Role", 20 }, { "Name", 28 }, { "Signature", 34 }, { "Time", 18 } }, rows_of(3, 4)),
    }, true)
  end
end

local function hands(label, rows)
  return sheets.form(label, { { "Date, time (UTC)", 16 }, { "Bag or seal number", 18 },
    { "From: name, signature", 25 }, { "To: name, signature", 25 }, { "Why", 16 } }, rows_of(rows, 5))
end

--- What leaves a safe or is carried: the record's medium, and what a station is brought.
function sheets.custody(sections, made)
  local stations = materials.stations(made)
  local blocks = {}
  local function add(id, title, rows)
    blocks[#blocks + 1] = { kind = "heading", id = id, title = title }
    blocks[#blocks + 1] = hands(title, rows)
  end
  if #stations > 1 then add("custody-record", "The medium that carries the record", 6) end
  for _, station in ipairs(stations) do
    for _, one in ipairs(materials.things(made, station.name)) do
      if one.kind ~= "file" then
        add(("custody-%d"):format(#blocks), ("%s (%s), at %s"):format(one.what, one.why, station.name), 4)
      end
    end
  end
  add("custody-other", "Another thing", 4)
  table.insert(blocks, 1, sheets.text("Whoever gives a thing and whoever takes it sign, each time, and read the number "
    .. "of its bag or seal aloud."))
  sections[#sections + 1] = sheets.section("custody", "Custody forms", blocks, true)
end

return sheets

--- lua/booklet.lua: the plan as a document to be printed and filled in.

local booklet = require "booklet"
local budget = require "budget"
local host = require "host"
local materials = require "materials"
local plan = require "plan"
local scratch = require "scratch"
local tap = require "tap"
local words = require "words"

local FLAGSHIP = plan.load "lua/ceremonies/intermediate-ca.lua"

local SHIPPED = {}
do
  local listing <close> = assert(io.popen("ls lua/ceremonies/*.lua"))
  for path in listing:lines() do SHIPPED[#SHIPPED + 1] = plan.load(path) end
end

local function document_of(made) return host.json.decode(booklet.document(made), "booklet") end

--- Every block of a section, those in groups too, one after the other.
local function blocks_of(list, found)
  found = found or {}
  for _, block in ipairs(list) do
    found[#found + 1] = block
    if block.blocks then blocks_of(block.blocks, found) end
  end
  return found
end

local function section(document, id)
  for _, one in ipairs(document.sections) do
    if one.id == id then return one end
  end
  error("no section " .. id)
end

local function labels(blocks, kind)
  local list = {}
  for _, block in ipairs(blocks) do
    if block.kind == kind then list[#list + 1] = block.label end
  end
  return list
end

tap.test("every word has its box once, in its step, with what is asked there", function()
  for _, made in ipairs(SHIPPED) do
    local document = document_of(made)
    for _, step in ipairs(made.steps) do
      local boxes = {}
      for _, block in ipairs(blocks_of(section(document, "step-" .. step.slug).blocks)) do
        for _, item in ipairs(block.kind == "boxes" and block.items or {}) do boxes[#boxes + 1] = item end
      end
      local at = 0
      for _, word in ipairs(step.words) do
        repeat at = at + 1 until boxes[at].text == word.sentence
        local asked = 0
        for _, prompt in ipairs(word.prompts) do
          if prompt.question ~= word.sentence then
            asked = asked + 1
            tap.equal(boxes[at].asked[asked], prompt.question)
          end
        end
        tap.equal(#boxes[at].asked, asked)
      end
      assert(boxes[at + 1].text:find "page is sealed")
    end
  end
end)

tap.test("what cannot be undone is marked before its box: all that signs, and the purge", function()
  for _, verb in ipairs(words.names()) do
    if words[verb].stages then assert(words[verb].final, verb .. " signs, and has no mark") end
  end
  local marked = {}
  for _, one in ipairs(document_of(FLAGSHIP).sections) do
    for _, block in ipairs(blocks_of(one.blocks)) do
      for _, item in ipairs(block.items or {}) do
        if type(item) == "table" and item.mark then marked[#marked + 1] = item.text:match "^%a+" end
      end
    end
  end
  tap.same(marked, { "Purge", "Sign", "Make" })
end)

tap.test("what will be signed is written down before its box, and what was signed behind it", function()
  local found = {}
  for _, block in ipairs(blocks_of(section(document_of(FLAGSHIP), "step-sign-offline").blocks)) do
    if block.kind == "digest" then found[#found + 1] = block.label end
    if block.kind == "boxes" and block.items[1].mark then found[#found + 1] = "mark" end
  end
  tap.same(found, { "SHA-256 of what will be signed (intermediate certificate)", "mark",
    "Fingerprint of the intermediate certificate", "SHA-256 of what will be signed (root revocation list)", "mark" })
end)

tap.test("a hand-over stands wherever the station changes, with the head in words", function()
  local document = document_of(FLAGSHIP)
  for _, slug in ipairs { "sign-offline", "install-the-certificate" } do
    local blocks = section(document, "to-" .. slug).blocks
    tap.same(labels(blocks, "digest"), { "Head of the record" })
    for _, block in ipairs(blocks) do tap.equal(block.kind == "digest" and not block.words, false) end
  end
  tap.equal(select(2, booklet.document(FLAGSHIP):gsub('"to%-', "")), 2)
  tap.equal(select(2, booklet.document(plan.load "lua/ceremonies/root-ca.lua"):gsub('"to%-', "")), 0)
end)

tap.test("materials: files, keys, papers and passwords of a station, by name, and for which step", function()
  local function told(list)
    local texts = {}
    for index, one in ipairs(list) do
      texts[index] = ("%s%s %s"):format(one.kind and one.kind .. " " or "", one.what, table.concat(one.steps, ","))
    end
    return texts
  end
  tap.same(told(materials.things(FLAGSHIP, "ca")), { "file root.crt 3", "paper the card from the safe 3" })
  tap.same(told(materials.things(FLAGSHIP, "root")), { "key root.key 5" })
  tap.same(told(materials.passwords(FLAGSHIP, "ca")), { "provisioner 1", "authority 4" })
  tap.same(told(materials.passwords(FLAGSHIP, "root")), { "root key 5" })
  local root = plan.load "lua/ceremonies/root-ca.lua"
  tap.same(told(materials.things(root, "root"))[1], "made root.key 1")
  tap.same(told(materials.passwords(root, "root")), { "root key 1,2" })
  assert(materials.passwords(root, "root")[1].new)
end)

tap.test("materials: parts of custodians have their own names", function()
  local path = scratch.write("parts.lua", [[
ceremony "Parts" { version = "1" }
people { operator = 1, custodians = 3 }
stations { root = "the offline machine" }
step "Open" { at = "root", unlock "root key" { from = "root.key", by = "custodians", needed = 2 } }
]])
  local list = materials.passwords(plan.load(path), "root")
  tap.equal(#list, 3)
  tap.equal(list[3].what, "root key/3")
end)

tap.test("time: rows add up, and every step has some", function()
  for _, made in ipairs(SHIPPED) do
    local after, steps = 0, 0
    for _, row in ipairs(budget.of(made, 2)) do
      assert(row.minutes > 0)
      after, steps = after + row.minutes, steps + (row.kind == "step" and 1 or 0)
      tap.equal(row.after, after)
    end
    tap.equal(steps, #made.steps)
  end
  tap.equal(budget.spoken(59), "59 min")
  tap.equal(budget.spoken(65), "1 h 05 min")
end)

tap.test("people: a row each, with the name that the script gives", function()
  local made = plan.load(scratch.write("named.lua", [[
ceremony "Named" { version = "1" }
people { operator = "Zoë Example", witnesses = 2 }
stations { ca = "the machine" }
step "Begin" { at = "ca", witnessed_by = 2, say "Good morning." }
]]))
  local document = document_of(made)
  local rows = section(document, "people").blocks[2].rows
  tap.equal(#rows, 3)
  tap.same(rows[1].cells, { "operator", "Zoë Example", "", "", "" })
  tap.equal(#labels(section(document, "beginning").blocks, "digest"), 3, "a station and two witnesses")
end)

tap.test("ids are there once; the script's hash is on every page", function()
  for _, made in ipairs(SHIPPED) do
    local document, seen = document_of(made), {}
    local function once(id)
      assert(id:find "^[a-z0-9-]+$" and not seen[id], id)
      seen[id] = true
    end
    for _, one in ipairs(document.sections) do
      once(one.id)
      for _, block in ipairs(blocks_of(one.blocks)) do
        if block.id then once(block.id) end
      end
    end
    assert(document.running.foot:find(made.script.sha256, 1, true))
    tap.equal(booklet.document(made), booklet.document(made))
  end
end)

tap.done()

--- Replay: does the script of page 0 give its plan, and does what the pages made come out the same when it is made once
--- more from what they say went into it? The record was verified before this; nothing is written.

local host = require "host"
local plan = require "plan"
local remade = require "remade"
local stage = require "stage"

local replay = {}

--- Verdicts that mean: as far as it can be made again, it is the same.
local FAITHFUL = { identical = true, resigned = true, unsigned = true, ["not again"] = true }

-- ---- the report of a page ----

local report = {}
report.__index = report

local function report_of(items, number, title)
  return setmetatable({ items = items, number = number, title = title, told = {} }, report)
end

function report:add(what, verdict, differences, why)
  if self.told[what] then return end
  self.told[what] = true
  self.items[#self.items + 1] = { page = self.number, title = self.title, what = what, verdict = verdict, why = why,
    differences = host.json.array(differences or {}) }
end

--- What host.remake says of an artefact.
function report:artefact(member, found) self:add(member, found.verdict, found.differences) end

function report:not_again(member, why) self:add(member, "not again", nil, why) end

local function difference(before, after, what)
  if before:find "^%s*[{%[]" then
    local fine, list = pcall(host.remake.json, before, after, what)
    if fine then return #list > 0 and list or { { path = "layout" } } end
  end
  return { { path = "bytes", before = host.digest.hex(before), after = host.digest.hex(after) } }
end

function report:text(member, recorded, made)
  if recorded == made then return self:add(member, "identical") end
  self:add(member, "different", difference(recorded, made, member))
end

-- ---- a page against what its words make ----

local function changed_of(at)
  local changed = {}
  for _, entry in ipairs(at.recorded.changed) do changed[entry.path] = entry end
  return changed
end

local function judge_files(at, found)
  local changed = changed_of(at)
  for path, made in pairs(at.page.files) do
    local full, member = at.walk.station .. "/" .. path, at:member(path)
    local entry, recorded = changed[full], at.record:member(at.number, member)
    if recorded then
      found:text(member, recorded, made.bytes)
      local mode = ("%04o"):format(made.mode)
      if entry.mode ~= mode then
        found:add(member .. " (mode)", "different", { { path = "mode", before = entry.mode, after = mode } })
      end
    elseif at.replayed.files[full] ~= made.bytes then
      found:add(member, "different", nil, "the page does not set it, and its words do")
    end
  end
  for path, entry in pairs(changed) do
    local own = path:find("/", 1, true)
    if own and not found.told["files/" .. path] then
      found:not_again("files/" .. path, "no word of this step makes it here; SHA-256 " .. entry.sha256)
    end
  end
end

local function judge_removed(at, found)
  local removed = {}
  for _, entry in ipairs(at.recorded.removed) do removed[entry.path] = true end
  for path in pairs(at.page.removed) do
    local full = at.walk.station .. "/" .. path
    found:add(full .. " (removed)", removed[full] and "identical" or "different", nil,
      not removed[full] and "the page does not remove it, and its words do" or nil)
    removed[full] = nil
  end
  for full in pairs(removed) do
    found:add(full .. " (removed)", "different", nil, "the page removes it, and none of its words does")
  end
end

local function judge_papers(at, found)
  for member, made in pairs(at.page.papers) do
    local recorded = at.record:member(at.number, member)
    if recorded then
      found:text(member, recorded, made)
    else
      found:add(member, "different", nil, "the page does not hold it")
    end
  end
end

--- One word; what it cannot do again is told in its place.
local function replay_word(word, at, found)
  local again = remade[word.verb]
  if not again then return found:not_again(word.verb, "this word cannot be replayed") end
  local fine, problem = pcall(again, word, at, found)
  if fine then return end
  local text = type(problem) == "table" and (problem.stop or problem.message) or problem
  found:add(("%s %s"):format(word.verb, word.name or ""):gsub(" $", ""), "different", nil, tostring(text))
end

local function replay_page(replayed, number, step, items)
  local at = stage.open(replayed, number, step)
  local found = report_of(items, number, at.recorded.title)
  local before = #items
  for _, word in ipairs(step.words) do replay_word(word, at, found) end
  judge_files(at, found)
  judge_removed(at, found)
  judge_papers(at, found)
  local own = table.move(items, before + 1, #items, 1, {})
  table.sort(own, function(a, b) return a.what < b.what end)
  table.move(own, 1, #own, before + 1, items)
end

--- The ledger's files after a page, as the record has them.
local function go_on(replayed, number)
  local page = replayed.record:page(number)
  for _, entry in ipairs(page.removed) do replayed.files[entry.path] = nil end
  for _, entry in ipairs(page.changed) do
    replayed.files[entry.path] = replayed.record:member(number, "files/" .. entry.path)
  end
end

-- ---- the plan ----

--- The templates that page 0 keeps: as a list, and by their paths.
local function templates_of(record, recorded)
  local list, by_path = {}, {}
  for index, template in ipairs(recorded.templates) do
    local text = record:member(0, "script/" .. template.path)
    list[index] = { path = template.path, text = text }
    by_path[template.path] = text
  end
  return list, by_path
end

--- Page 0's script, run by this program, against page 0's plan.
local function judge_plan(record, recorded, by_path)
  local text = record:member(0, "evidence/plan.json")
  local fine, made = pcall(function()
    local loaded = plan.load(recorded.script.name, { templates = by_path,
      text = record:member(0, "script/" .. recorded.script.name) })
    plan.resolve(loaded, recorded.begins)
    return plan.encode(loaded)
  end)
  if not fine then return { verdict = "different", why = tostring(made), differences = host.json.array {} } end
  return { verdict = made == text and "identical" or "different",
    differences = host.json.array(made == text and {} or difference(text, made, "plan.json")) }
end

--- The words of a plan as its own pages have it know where they stand.
local function placed(recorded)
  for _, step in ipairs(recorded.steps) do
    for _, word in ipairs(step.words) do word.step, word.station = step.number, step.station end
  end
  return recorded
end

local function step_of(recorded, page)
  for _, step in ipairs(recorded.steps) do
    if step.slug == page.slug and step.station == page.station then return step end
  end
  return nil
end

-- ---- the root's key ----

--- What the script calls the key that it unlocks: the name of its password.
local function name_of(recorded)
  local own
  for _, step in ipairs(recorded.steps) do
    for _, word in ipairs(step.words) do
      local is_own = word.verb == "unlock" and word.options.from == "the authority"
      if word.verb == "unlock" and not is_own then return word.name end
      own = own or is_own and word.name or nil
    end
  end
  return own or "root key"
end

local function open_key(path, name)
  local pem = host.file.read_private(path)
  if not host.key.is_encrypted(pem) then return host.key.parse(pem, nil, path) end
  for attempt = 1, 3 do
    local secret, reply = host.room.secret(name, ("Password of the %s in %s"):format(name, path), false, attempt)
    if reply then error("stopped; nothing was replayed", 0) end
    local fine, key = pcall(host.key.parse, pem, secret, path)
    if fine then return key end
    if type(key) ~= "table" or not key.wrong_password then error(key, 0) end
    host.room.say(("That is not the password (try %d of 3)."):format(attempt))
  end
  return error("three wrong passwords; nothing was replayed. Find the right one, and run the same command again", 0)
end

--- Replay a record: {record, head, root_key (path or nil)} -> JSON text of the report.
function replay.run(options)
  local record = host.record.open(options.record, false)
  if record:head() ~= options.head then
    error(options.record .. ": somebody changed it while it was read; begin again with a copy of your own", 0)
  end
  local recorded = placed(host.json.decode(record:member(0, "evidence/plan.json"), "plan.json"))
  local templates, by_path = templates_of(record, recorded)
  local items = {}
  local replayed = { record = record, plan = recorded, templates = templates, files = {},
    key = options.root_key and open_key(options.root_key, name_of(recorded)) }
  local judged = judge_plan(record, recorded, by_path)
  for number = 0, record:count() - 1 do
    local step = number > 0 and step_of(recorded, record:page(number))
    if step then
      replay_page(replayed, number, step, items)
    elseif number > 0 then
      report_of(items, number, record:page(number).title):not_again("the page", "it belongs to no step of the plan")
    end
    go_on(replayed, number)
  end
  if replayed.key and not replayed.key_used then
    error(options.root_key .. ": is the key of nothing that was signed in this record", 0)
  end
  local faithful = judged.verdict == "identical"
  for _, item in ipairs(items) do faithful = faithful and FAITHFUL[item.verdict] == true end
  return host.json.encode { plan = judged, items = host.json.array(items), faithful = faithful,
    signed = replayed.key ~= nil,
    same_program = record:page(0).versions.binary_sha256 == host.versions().binary_sha256 }
end

return replay

-- The people in the room: what they type inside an exception, and how one of a role is called.

local asking = require "asking"
local person = require "person"
local tap = require "tap"

--- A room in which these lines are typed, one after the other; what was said is kept.
local function typed(lines)
  local said, at = {}, 0
  local function next_line(_, question)
    at = at + 1
    said[#said + 1] = question
    if lines[at] == "!exception" then return nil, "exception" end
    if lines[at] == "!stop" then return nil, "stop" end
    return lines[at]
  end
  local raw = { say = function(text) said[#said + 1] = text end, ask = next_line, choose = next_line,
    has_answer = function() return false end, clear = function() end }
  local kept = {}
  local room = asking.open(raw)
  room.enter { slug = "talk", remains = "", people = { { role = "witnesses", name = "Ann" } }, note = function() end,
    keep = function(deviation) kept[#kept + 1] = deviation end }
  return room, said, kept
end

tap.test("an exception inside an exception is not ignored: it says what there is instead", function()
  local room, said, kept = typed { "exception", "light", "!exception", "the lamp fell", "candles", "ann", "again",
    "yes" }
  tap.equal(room.confirm("talk.confirm.1", "Is the lamp lit?"), "yes")
  tap.equal(#kept, 1)
  tap.equal(kept[1].happened, "the lamp fell")
  tap.equal(said[5], "This is asked for an exception already; !stop takes it back.")
  tap.equal(said[4], "What happened?")
  tap.equal(said[6], "What happened?")
end)

tap.test("a stop inside an exception takes it back", function()
  local room, _, kept = typed { "exception", "light", "!stop", "yes" }
  tap.equal(room.confirm("talk.confirm.1", "Is the lamp lit?"), "yes")
  tap.equal(#kept, 0)
end)

tap.test("one of a role", function()
  for role, one in pairs { witnesses = "witness", custodians = "custodian", operator = "operator", witness = "witness",
    bosses = "boss", administrators = "administrator", boss = "boss" } do
    tap.equal(person.one_of(role), one)
  end
end)

tap.done()

--- Renew: what a plan says is written as a script; what a forger put into it is written as nothing.

local host = require "host"
local plan = require "plan"
local rehearse = require "rehearse"
local renew = require "renew"
local scratch = require "scratch"
local tap = require "tap"

local function rehearsed(script, name)
  local folder = scratch.folder .. "/" .. name
  local room = { say = function() end, has_answer = function() return false end }
  local path = scratch.write(name .. ".lua", script)
  rehearse.walk({ record = folder, room = room, unattended = true }, plan.load(path))
  return folder
end

scratch.write("rsa_intermediate_ca.tpl", tap.read "lua/ceremonies/rsa_intermediate_ca.tpl")
local flagship = tap.read("lua/ceremonies/intermediate-ca.lua"):gsub("RSA%-3072", "P-256")
local folder = rehearsed(flagship, "first")
local open = host.record.open

--- The script that is written when the plan is not the recorded one.
local function renewed(change)
  local record = open(folder, false)
  host.record.open = function()
    return setmetatable({
      member = function(_, number, name)
        local bytes = record:member(number, name)
        if number ~= 0 or name ~= "evidence/plan.json" or not change then return bytes end
        local doctored = host.json.decode(bytes, name)
        change(doctored)
        return host.json.encode(doctored)
      end,
    }, { __index = function(_, method)
      return function(_, ...) return record[method](record, ...) end
    end })
  end
  local fine, made = pcall(renew.script, { record = folder, head = record:head(), name = "next.lua" })
  host.record.open = open
  if not fine then error(made, 0) end
  return made
end

tap.test("the script is the one that was walked, but for remarks, version and layout", function()
  local function bare(text) return (text:gsub("%-%-[^\n]*\n", ""):gsub('version = "[^"]*"', ""):gsub("%s+", "")) end
  local made = renewed()
  tap.equal(bare(made.script), bare(flagship))
  tap.equal(made.templates[1].path, "rsa_intermediate_ca.tpl")
  tap.equal(made.templates[1].text, tap.read "lua/ceremonies/rsa_intermediate_ca.tpl")
end)

tap.test("versions rise", function()
  for before, after in pairs { ["1.0"] = "1.1", ["1.9"] = "1.10", v2 = "v3", draft = "draft (renewed)" } do
    local made = renewed(function(doctored) doctored.version = before end)
    tap.equal(made.script:match 'version = "([^"]*)"', after)
  end
end)

tap.test("texts stay texts, whatever is in them", function()
  local made = renewed(function(doctored)
    doctored.steps[2].words[1].name = 'He said: "]] } os.exit() --" \\ and left.'
  end)
  tap.equal(made.script:find([==["He said: \"]] } os.exit() --\" \\ and left."]==], 1, true) ~= nil, true)
end)

tap.test("what is no plan of a script is not written as one", function()
  for _, change in ipairs {
    function(doctored) doctored.title = "Title\nstep" end,
    function(doctored) doctored.steps[2].words[1].verb = 'say "x", say' end,
    function(doctored) doctored.steps[2].words[1].verb = "dance" end,
    function(doctored) doctored.steps[2].station = 'ca", say "x' end,
    function(doctored) doctored.stations[1].name = "x = 1 } --" end,
    function(doctored) doctored.people[1].role = "x = 1, y" end,
    function(doctored) doctored.steps[1].words[1].options['dns = {}, "'] = 1 end,
    function(doctored) doctored.steps[4].words[1].options.kind = "DSA" end,
  } do
    tap.raises("write the next one by hand", renewed, change)
  end
end)

tap.test("another copy than the one that was verified", function()
  tap.raises("somebody changed it", renew.script, { record = folder, head = ("0"):rep(64), name = "next.lua" })
end)

tap.done()

--- verger-script(5) and lua/verger-script.d.lua say what the words of a script are: no word or option more, and none
--- less, and of each option whether it is required.

local tap = require "tap"
local words = require "words"

local manual, meta = tap.read "lua/verger-script.5", tap.read "lua/verger-script.d.lua"

--- {option = required} as a word's definition has it.
local function defined(definition)
  local options = {}
  for name, option in pairs(definition.options) do options[name] = option.required or false end
  return options
end

--- The part of the manual below .Ss WORD.
local function section(verb)
  return (manual .. "\n.Ss "):match("\n%.Ss " .. verb .. "\n(.-)\n%.S[sh] ")
end

--- The same from the manual: .It Va NAME , NAME Pq KIND, required
local function described(text)
  local options = {}
  for line in text:gmatch "%.It Va ([^\n]+)" do
    local names, kind = line:match "^(.-) Pq (.*)$"
    assert(names, "an option without its kind: " .. line)
    for name in names:gmatch "[%w_]+" do options[name] = kind:find "required" ~= nil end
  end
  return options
end

--- The same from a class of the other file: ---@field NAME? KIND
local function fields(class)
  local text = (meta .. "\n\n"):match("\n%-%-%-@class verger%." .. class .. "\n(.-)\n\n") or ""
  local options = {}
  for name, optional in text:gmatch "%-%-%-@field ([%w_]+)(%??) " do options[name] = optional == "" end
  return options
end

tap.test("every word has its section in the manual, and nothing else has", function()
  for _, verb in ipairs(words.names()) do assert(section(verb), "verger-script(5) has no section on " .. verb) end
  for verb in manual:gmatch "\n%.Ss ([%w_]+)\n" do assert(words[verb], "there is no word " .. verb) end
end)

tap.test("with its options, and whether they are required", function()
  for _, verb in ipairs(words.names()) do tap.same(described(section(verb)), defined(words[verb]), verb) end
end)

tap.test("and an example that has it", function()
  for _, verb in ipairs(words.names()) do
    local example = section(verb):match '%.\\" script\n%.Bd %-literal %-offset indent\n(.-)\n%.Ed'
    assert(example, verb .. " has no example")
    assert(("\n" .. example):find("[^%w_]" .. verb .. '%s+["{]'), "the example of " .. verb .. " has it not")
  end
end)

tap.test("the file for editors has every word with its options, and nothing else", function()
  local frame = { ceremony = true, people = true, stations = true, step = true }
  for _, verb in ipairs(words.names()) do
    assert(meta:find("\nfunction " .. verb .. "%("), "verger-script.d.lua has no " .. verb)
    tap.same(fields(verb), defined(words[verb]), verb)
  end
  for verb in meta:gmatch "\nfunction ([%w_]+)" do assert(words[verb] or frame[verb], "there is no word " .. verb) end
end)

tap.done()

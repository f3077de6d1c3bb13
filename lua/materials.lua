--- What lies ready before the day, from what the words of a plan say that they bring and ask for.

local words = require "words"

local materials = {}

--- Each thing once a station, with the numbers of the steps that want it.
local function gather(made, station, things_of)
  local list, by_name = {}, {}
  for _, step in ipairs(made.steps) do
    for _, word in ipairs(step.station == station and step.words or {}) do
      for _, thing in ipairs(things_of(word)) do
        local name = (thing.kind or "") .. "/" .. (thing.what or thing.name)
        local known = by_name[name]
        if not known then
          known = { kind = thing.kind, what = thing.what or thing.name, why = thing.why, new = thing.new, steps = {} }
          by_name[name], list[#list + 1] = known, known
        end
        if known.steps[#known.steps] ~= step.number then known.steps[#known.steps + 1] = step.number end
      end
    end
  end
  return list
end

--- What lies at a station: {{kind, what, why, steps}}, in the order in which it is wanted.
function materials.things(made, station)
  return gather(made, station, function(word)
    local brings = words[word.verb].brings
    return brings and brings(word) or {}
  end)
end

--- The passwords that are asked for at a station besides its seal's: {{what, new, steps}}; `new` where it is chosen.
function materials.passwords(made, station)
  return gather(made, station, function(word)
    local passwords = words[word.verb].passwords
    return passwords and passwords(word) or {}
  end)
end

--- Stations that have steps, in the order of the script, with what the script calls them.
function materials.stations(made)
  local list, seen, text = {}, {}, {}
  for _, station in ipairs(made.stations) do text[station.name] = station.text end
  for _, step in ipairs(made.steps) do
    if not seen[step.station] then list[#list + 1] = { name = step.station, text = text[step.station] } end
    seen[step.station] = true
  end
  return list
end

return materials

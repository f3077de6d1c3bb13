--- What is found in a tree by the rules of `verger check` (authority.h), in a ceremony.

local host = require "host"
local leaf = require "leaf"

local findings = {}

--- All findings of the tree as it will be after the step; `home` is the folder that its ca.json means.
function findings.of(scene, home, secret)
  local function peek(path) return scene:peek(path) end
  local list = host.config.check(home, peek, secret, scene:seconds())
  local fine, faults = pcall(leaf.faults, peek "config/ca.json" or "", peek)
  return fine and table.move(faults, 1, #faults, #list + 1, list) or list
end

function findings.say(scene, list)
  for _, found in ipairs(list) do
    scene:say("%s %s (%s): %s%s", found.severity, found.rule, found.place, found.text,
      found.clause ~= "" and " [" .. found.clause .. "]" or "")
  end
end

--- The errors among them but those of a rule that is `excepted`: how many, and the first in words.
function findings.errors(list, excepted)
  local count, first = 0, nil
  for _, found in ipairs(list) do
    if found.severity == "error" and found.rule ~= excepted then
      count = count + 1
      first = first or found.place .. ": " .. found.text
    end
  end
  return count, first and first .. (count > 1 and ("; and %d more, named above"):format(count - 1) or "")
end

--- As evidence has them.
function findings.encode(list)
  local made = {}
  for index, found in ipairs(list) do
    made[index] = host.json.object { { "severity", found.severity }, { "rule", found.rule }, { "place", found.place },
      { "text", found.text }, { "clause", found.clause } }
  end
  return host.json.array(made)
end

return findings

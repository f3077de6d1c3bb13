--- The policy of a script: as ca.json holds it, and as name constraints, so that the certificate enforces what the
--- server enforces.

local host = require "host"

local policies = {}

local object, array = host.json.object, host.json.array

policies.types = { "cn", "dns", "ip", "email", "uri" }

--- The policy as it stands in ca.json, members in the order of step's documentation. `given` is the word's options.
function policies.object(given)
  local x509 = {}
  for _, side in ipairs { "allow", "deny" } do
    local lists = {}
    for _, name in ipairs(policies.types) do
      local list = given[side] and given[side][name]
      if list then lists[#lists + 1] = { name, array(list) } end
    end
    if #lists > 0 then x509[#x509 + 1] = { side, object(lists) } end
  end
  if given.wildcards ~= nil then x509[#x509 + 1] = { "allowWildcardNames", given.wildcards } end
  return object { { "x509", object(x509) } }
end

--- The policy as the member "nameConstraints" of step's certificate JSON. Raises what has no such constraint, and the
--- first of `names`, the authority's own, that would be forbidden.
function policies.constraints(given, names)
  return host.policy.name_constraints(policies.object(given), names or {})
end

--- The constraints that a request's certificate gets: those of the policy of its station, where that says so. `book`
--- has the words of the whole script (review:words, scene:words). Returns them, or nil, and the policy's line.
function policies.wanted(request, book)
  for policy in book:words "policy" do
    if policy.station == request.station and policy.options.constrain then
      return policies.constraints(policy.options), policy.line
    end
  end
  return nil
end

--- The constraints as they stand in the JSON: the same bytes each time, which a table of Lua's does not give.
local function ordered(constraints)
  local members = {}
  for member in pairs(constraints) do members[#members + 1] = member end
  table.sort(members)
  for index, member in ipairs(members) do
    local value = constraints[member]
    members[index] = { member, type(value) == "table" and array(value) or value }
  end
  return object(members)
end

local SPOKEN = { { "DNSDomains", "DNS" }, { "IPRanges", "IP" }, { "EmailAddresses", "email" }, { "URIDomains", "URI" } }

local SAID = { [""] = "every name", invalid = "none" } -- policy.h: the host "invalid" alone stands for none

--- Constraints in a sentence: "permitted DNS local.example.com; excluded IP 0.0.0.0/0, ::/0".
function policies.spoken(constraints)
  local parts = {}
  for _, side in ipairs { "permitted", "excluded" } do
    for _, kind in ipairs(SPOKEN) do
      local list = constraints[side .. kind[1]]
      if list then
        local names = {}
        for index, name in ipairs(list) do names[index] = SAID[name] or name end
        parts[#parts + 1] = ("%s %s %s"):format(side, kind[2], table.concat(names, ", "))
      end
    end
  end
  return table.concat(parts, "; ")
end

--- A rendered certificate JSON with the constraints in it. `path` is the template, `line` the policy's.
function policies.constrained(json, constraints, path, line)
  if not constraints then return json end
  local own = host.config.get(json, "nameConstraints") and '"nameConstraints"'
  for _, extension in ipairs(host.config.get(json, "extensions") or {}) do
    if extension.id == "2.5.29.30" then own = 'the extension "2.5.29.30"' end
  end
  if own then
    error(("%s: has %s of its own, and the policy on line %d is to write the name constraints; take one of them out")
      :format(path, own, line), 0)
  end
  return host.config.set(json, "nameConstraints", ordered(constraints))
end

return policies

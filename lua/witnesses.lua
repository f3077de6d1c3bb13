--- Witnesses who seal: which steps want how many of them, who counts, and what is said while a page waits.

local witnesses = {}

local COUNTING = { witness = true, witnesses = true }

--- How many people of a plan may count as witnesses.
function witnesses.planned(people)
  local count = 0
  for _, role in ipairs(people) do
    if COUNTING[role.role] then count = count + role.count end
  end
  return count
end

--- What the agenda says of a step that wants witnesses.
function witnesses.sentence(count)
  if count == 1 then return "One of the witnesses seals this step's page before the next one is begun." end
  return ("%d of the witnesses seal this step's page before the next one is begun."):format(count)
end

--- The most seals of witnesses that any step wants.
local function most(plan)
  local wanted = 0
  for _, step in ipairs(plan.steps) do wanted = math.max(wanted, step.witnessed_by or 0) end
  return wanted
end

--- Why the enrolled certificates do not suffice for the people who are here; nil when they do.
function witnesses.fault(plan, people, signers)
  local role_of, counting, names = {}, 0, {}
  for _, person in ipairs(people) do
    role_of[person.name] = person.role
    if COUNTING[person.role] then names[#names + 1] = person.name end
  end
  for _, signer in ipairs(signers) do
    if signer.station == "" and role_of[signer.name] == "operator" then
      return ("%s is the operator, and enrolled as a witness; the operator never counts as one"):format(signer.name)
    end
    if signer.station == "" and COUNTING[role_of[signer.name]] then counting = counting + 1 end
  end
  local wanted = most(plan)
  if counting >= wanted then return nil end
  return ("a step wants the seals of %d witnesses, and of those here (%s) only %d are enrolled; make their "
    .. "certificates with `verger enrol --witness --name NAME`, each with the name as it is given here, and name them "
    .. "with --enrol"):format(wanted, table.concat(names, ", "), counting)
end

--- The names of those who may count, as many as the most that a step wants.
function witnesses.needed(plan, people)
  local names, wanted = {}, most(plan)
  for _, person in ipairs(people) do
    if COUNTING[person.role] and #names < wanted then names[#names + 1] = person.name end
  end
  return names
end

--- What is to be done when the newest page waits for seals; nil when it does not.
function witnesses.call(record)
  local count = record:waits()
  if count == 0 then return nil end
  local number = record:walked()
  return ("Page %d waits for the %s. Each of them, here or on a copy of the record:\n"
    .. "    verger witness %s --page %d --home HOME\nThen the same command goes on.\n"
    .. "Where a witness's key is lost, --replace NAME=CERT takes the next one; where somebody will not seal, --abort "
    .. "ends the ceremony here."):format(number, witnesses.seals(count), record:folder(), number)
end

--- "seal of 1 witness", "seals of 2 witnesses".
function witnesses.seals(count)
  return count == 1 and "seal of 1 witness" or ("seals of %d witnesses"):format(count)
end

return witnesses

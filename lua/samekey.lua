--- From the plan of a ceremony that installed an intermediate, the plan of the next one for the same key: the authority
--- is taken over, its key asks anew, the root signs as it did, and the certificate comes beside the one in use.

local samekey = {}

local function stop(text) error("--same-key: " .. text, 0) end

--- The words of a verb, with the steps that they stand in: {{word, step}}.
local function all(made, verb)
  local list = {}
  for _, step in ipairs(made.steps) do
    for _, word in ipairs(step.words) do
      if word.verb == verb then list[#list + 1] = { word = word, step = step } end
    end
  end
  return list
end

local function first(made, verb, name)
  for _, one in ipairs(all(made, verb)) do
    if not name or one.word.name == name then return one end
  end
  return nil
end

--- What was installed, signed and asked for.
local function chain(made)
  local installed = first(made, "install")
  local signed = installed and first(made, "sign", installed.word.name)
  local request = signed and first(made, "request", signed.word.options.request)
  if not request then
    stop "no certificate was signed and installed in that ceremony; name the record of the one that did"
  end
  for _, one in ipairs(all(made, "policy")) do
    if one.word.options.constrain then
      stop("the certificate says the policy too (constrain), and the two are written together: copy "
        .. "renew-intermediate-same-key.lua, and put the policy in")
    end
  end
  return installed, signed, request
end

local function copy(source, changes)
  local made = {}
  for name, value in pairs(source) do made[name] = value end
  for name, value in pairs(changes) do made[name] = value end
  return made
end

--- A word under the names that things have in the next script.
local function renamed(word, names)
  local options = copy(word.options, {})
  for _, option in ipairs { "key", "request", "under" } do
    options[option] = names[options[option]] or options[option]
  end
  return copy(word, { name = word.verb ~= "unlock" and names[word.name] or word.name, options = options })
end

local function step_with(step, words) return copy(step, { words = words }) end

local function take_over(made, station, root)
  local compared = first(made, "compare", root)
  return { title = "Take over the authority", station = station, words = {
    { verb = "adopt", name = "the authority", options = {} },
    { verb = "compare", name = "root certificate",
      options = { with = compared and compared.word.options.with or "the card from the safe" } },
  } }
end

--- The steps that sign, as they were, under their new names.
local function signing_steps(made, names)
  local list = {}
  for _, step in ipairs(made.steps) do
    local signs = false
    local words = {}
    for index, word in ipairs(step.words) do
      signs = signs or word.verb == "sign" or word.verb == "publish"
      words[index] = renamed(word, names)
    end
    if signs then list[#list + 1] = step_with(step, words) end
  end
  return list
end

--- What was said at the end is said again.
local function last_step(made, station)
  local words = { { verb = "check", name = "the authority", options = {} } }
  local attested = first(made, "attest")
  if attested then words[2] = attested.word end
  return { title = "Check that it will run", station = station, words = words,
    witnessed_by = attested and attested.step.witnessed_by }
end

local function templates(made, steps)
  local used, list = {}, {}
  for _, step in ipairs(steps) do
    for _, word in ipairs(step.words) do used[word.options.template or ""] = true end
  end
  for _, template in ipairs(made.templates) do
    if used[template.path] then list[#list + 1] = template end
  end
  return list
end

function samekey.plan(made)
  local installed, signed, request = chain(made)
  local station = installed.step.station
  local names = { [request.word.options.key] = "intermediate key", [request.word.name] = "renewal request",
    [signed.word.name] = "renewed intermediate certificate", [signed.word.options.under] = "root certificate" }
  local steps = { take_over(made, station, signed.word.options.under),
    step_with(request.step, { renamed(request.word, names) }) }
  for _, step in ipairs(signing_steps(made, names)) do steps[#steps + 1] = step end
  steps[#steps + 1] = step_with(installed.step, { renamed(installed.word, names) })
  steps[#steps + 1] = last_step(made, station)
  return copy(made, { steps = steps, templates = templates(made, steps) })
end

return samekey

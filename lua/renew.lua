--- Renew: the script of the next ceremony for the same CA, written from the plan of the last one. It is a script like
--- any other: read, changed where it must be, and rehearsed.

local dates = require "dates"
local host = require "host"
local plan = require "plan"
local samekey = require "samekey"
local verbs = require "words"

local renew = {}

local WIDTH = 116

-- ---- Lua, as people write it ----

--- A text of a script has no control characters (options.lua): what a forger put there does not read as a script.
local function text_of(text) return '"' .. text:gsub('[\\"]', "\\%0") .. '"' end

--- `name`, or `["the-name"]` where it is no name of Lua's.
local function key_of(name) return name:find "^[%a_][%w_]*$" and name or ("[%s]"):format(text_of(name)) end

--- Names in the order in which a reader wants them; what is not here follows by name, and how long it lives comes last.
local ORDER = { "version", "at", "dns", "address", "provisioner", "kind", "to", "key", "request", "certificate",
  "subject", "with", "under", "from", "url", "template", "as_step", "on_revoke", "cache", "renew", "allow", "deny",
  "cn", "ip", "email", "uri", "wildcards", "constrain", "min", "default", "max", "because", "by" }
local LAST = { "valid_for", "witnessed_by" }

local rank = {}
for index, name in ipairs(ORDER) do rank[name] = index end
for index, name in ipairs(LAST) do rank[name] = 1000 + index end

local function sorted_names(object)
  local names = {}
  for name in pairs(object) do names[#names + 1] = name end
  table.sort(names, function(a, b)
    local one, other = rank[a] or 500, rank[b] or 500
    if one ~= other then return one < other end
    return a < b
  end)
  return names
end

local function is_list(value) return value[1] ~= nil or next(value) == nil end

local value_text

--- "dns = { "a", "b" }, address = ":443"".
local function members(object)
  local parts = {}
  for index, name in ipairs(sorted_names(object)) do
    parts[index] = ("%s = %s"):format(key_of(name), value_text(object[name]))
  end
  return parts
end

function value_text(value)
  if type(value) == "string" then return text_of(value) end
  if type(value) ~= "table" then return tostring(value) end
  local parts = {}
  if is_list(value) then
    for index, one in ipairs(value) do parts[index] = value_text(one) end
  else
    parts = members(value)
  end
  return #parts == 0 and "{}" or ("{ %s }"):format(table.concat(parts, ", "))
end

--- `{ a = 1, b = 2 }` on one line behind `before` where it fits, else over several lines.
local function braces(before, parts, indent)
  local line = ("%s{ %s }"):format(before, table.concat(parts, ", "))
  if #indent + #line + 1 <= WIDTH then return line end
  local lines, current = {}, ""
  for _, part in ipairs(parts) do
    local longer = current == "" and part or current .. " " .. part
    if #indent + 2 + #longer + 1 > WIDTH and current ~= "" then
      lines[#lines + 1] = current
      longer = part
    end
    current = longer .. ","
  end
  lines[#lines + 1] = current
  return ("%s{\n%s  %s\n%s}"):format(before, indent, table.concat(lines, "\n" .. indent .. "  "), indent)
end

-- ---- what the plan says, as a script says it ----

--- "24h0m0s" is "24h".
local function short_duration(text)
  local short = text:gsub("(%d[hm])0s$", "%1"):gsub("(%dh)0m$", "%1")
  return short
end

--- Absolute dates were the last ceremony's; how long it was to live stays.
local function renewed_validity(word, options)
  if not options.ends and not options.begins then return end
  if not options.valid_for then
    local less = verbs[word.verb].makes == "certificate" and 1 or 0
    local seconds = dates.seconds(word.ends) - dates.seconds(word.begins) + less
    options.valid_for = ("%d hours"):format((seconds + 3599) // 3600)
    if seconds % 86400 == 0 then options.valid_for = ("%d days"):format(seconds // 86400) end
  end
  options.begins, options.ends = nil, nil
end

local function options_of(word)
  local options = {}
  for name, value in pairs(word.options) do options[name] = value end
  local subject = options.subject
  if type(subject) == "table" and subject.commonName and next(subject, next(subject)) == nil then
    options.subject = subject.commonName
  end
  for _, name in ipairs { "cache", "renew", "min", "default", "max" } do
    if type(options[name]) == "string" then options[name] = short_duration(options[name]) end
  end
  renewed_validity(word, options)
  options.revoke = nil -- that is done
  return options
end

--- `verb "name" { options }`; the names of a step's words stand below each other.
local function word_text(word, column)
  local text = word.verb
  if word.name then text = ("%-" .. column .. "s %s"):format(word.verb, text_of(word.name)) end
  local parts = members(options_of(word))
  if #parts == 0 then return "  " .. text .. (word.name and "" or " {}") .. "," end
  return "  " .. braces(text .. " ", parts, "  ") .. ","
end

local function column_of(step)
  local column = 0
  for _, word in ipairs(step.words) do
    if word.name then column = math.max(column, #word.verb) end
  end
  return column
end

local function step_text(step)
  local lines = {}
  local head = { at = step.station, witnessed_by = step.witnessed_by }
  local column = column_of(step)
  for index, word in ipairs(step.words) do lines[index] = word_text(word, column) end
  local opened = ("step %s { %s,"):format(text_of(step.title), table.concat(members(head), ", "))
  local inline = ("%s %s }"):format(opened, lines[1]:gsub("^ +", ""):gsub(",$", ""))
  if #lines == 1 and #inline <= WIDTH and not inline:find "\n" then return inline end
  return ("%s\n%s\n}"):format(opened, table.concat(lines, "\n"))
end

local function role_text(role)
  local value = role.count
  if role.names then value = #role.names == 1 and role.names[1] or role.names end
  return ("%s = %s"):format(key_of(role.role), value_text(value))
end

local function people_text(made)
  local parts = {}
  for index, role in ipairs(made.people) do parts[index] = role_text(role) end
  return braces("people ", parts, "")
end

local function stations_text(made)
  local longest, lines = 0, {}
  for _, station in ipairs(made.stations) do longest = math.max(longest, #key_of(station.name)) end
  for index, station in ipairs(made.stations) do
    lines[index] = ("  %-" .. longest .. "s = %s,"):format(key_of(station.name), text_of(station.text))
  end
  return ("stations {\n%s\n}"):format(table.concat(lines, "\n"))
end

-- ---- the remarks on top ----

local function wrapped(text)
  local lines, line = {}, "--"
  for word in text:gmatch "%S+" do
    if #line + #word + 1 > WIDTH then
      lines[#lines + 1], line = line, "--"
    end
    line = line .. " " .. word
  end
  lines[#lines + 1] = line
  return table.concat(lines, "\n")
end

--- What was signed last, so that people can see what this one takes the place of.
local function signed_text(record)
  local parts = {}
  for _, output in ipairs(record:outputs()) do
    if output.kind == "certificate" and output.issuer and output.member then
      local facts = host.certificate.read(record:member(output.page, output.member), output.name)
      parts[#parts + 1] = ("The %s of it (serial number %s) is valid from %s to %s."):format(output.name, facts.serial,
        facts.not_before, facts.not_after)
    elseif output.kind == "crl" and not output.received then
      parts[#parts + 1] = ("The %s of it has the number %d."):format(output.name, output.number)
    end
  end
  return table.concat(parts, " ")
end

local function remarks(record, made, same_key)
  local zero = record:page(0)
  return table.concat({
    wrapped(("%s: the next ceremony for the same CA, with %s. Written by verger renew from the "
      .. "record of ceremony %s; read it, change what must be changed, and rehearse it."):format(made.title,
      same_key and "the same key, on the tree that step-ca runs on" or "a new key, in a new folder",
      zero.ceremony.id)),
    "--",
    wrapped(("That one began on %s. %s"):format(made.begins, signed_text(record))),
    "-- Its head, which `verger run` is told with --previous-head (or with --previous, the record itself):",
    "--   " .. host.digest.groups(record:head(), 8):gsub("\n", "\n--   "),
    "--   " .. host.digest.words(record:head(), 8):gsub("\n", "\n--   "),
  }, "\n")
end

--- "1.0" is followed by "1.1", "v2" by "v3"; what does not end in a number is followed by itself and " (renewed)".
local function next_version(version)
  local before, number = version:match "^(.-)(%d+)$"
  if not number or #number > 9 then return version .. " (renewed)" end
  return before .. math.tointeger(number) + 1
end

-- ---- the whole ----

local function with_positions(record)
  local outputs = {}
  for number = 0, record:count() - 1 do
    for _, output in ipairs(record:page(number).outputs) do
      output.page = number
      outputs[#outputs + 1] = output
    end
  end
  return outputs
end

--- What the ceremony says of itself, with the next version.
local function ceremony_text(made)
  local approvals = made.approvals and (made.approvals.names or made.approvals.count)
  local head = { version = next_version(made.version), approvals = approvals, profile = made.profile }
  return ("ceremony %s { %s }"):format(text_of(made.title), table.concat(members(head), ", "))
end

local function script_text(record, made, same_key)
  local parts = { remarks(record, made, same_key), ceremony_text(made), people_text(made), stations_text(made) }
  for _, step in ipairs(made.steps) do parts[#parts + 1] = step_text(step) end
  return table.concat(parts, "\n\n") .. "\n"
end

--- What has to stand beside the new script: each template as page 0 keeps it.
local function templates_of(record, made, script)
  local list, by_path = {}, {}
  for index, template in ipairs(made.templates) do
    if template.path == script then
      error(script .. ": is the name of a template of the script; name another file", 0)
    end
    local text = record:member(0, "script/" .. template.path)
    list[index], by_path[template.path] = { path = template.path, text = text }, text
  end
  return list, by_path
end

--- What a plan asks for, without what a renewal changes: dates, and where things stand in the script.
local function essence(made)
  local steps = {}
  for index, step in ipairs(made.steps) do
    local words = {}
    for n, word in ipairs(step.words) do
      local options = {}
      for name, value in pairs(word.options) do options[name] = value end
      options.valid_for, options.begins, options.ends, options.revoke = nil, nil, nil, nil
      words[n] = { verb = word.verb, name = word.name, options = next(options) and options or nil }
    end
    steps[index] = { title = step.title, station = step.station, witnessed_by = step.witnessed_by,
      words = host.json.array(words) }
  end
  return host.json.encode { title = made.title, approvals = made.approvals, profile = made.profile,
    people = host.json.array(made.people),
    stations = host.json.array(made.stations), templates = host.json.array(made.templates), steps = steps }
end

--- It is checked as `run` would check it, and must ask for what the last one asked for.
local function checked(text, made, name, by_path)
  local fine, loaded = pcall(plan.load, name, { text = text, templates = by_path })
  if not fine then
    error("this verger does not take the plan of the record as a script; write the next one by hand: "
      .. tostring(loaded), 0)
  end
  if essence(loaded) ~= essence(made) then
    error("the plan of the record says what no script that is written from it would say; write the next one by hand", 0)
  end
end

--- The next ceremony's script of a verified record: {record, head, name, same_key} -> {script,
--- templates = {{path, text}}}.
function renew.script(options)
  local record = host.record.open(options.record, false)
  if record:head() ~= options.head then
    error(options.record .. ": somebody changed it while it was read; begin again with a copy of your own", 0)
  end
  local made = host.json.decode(record:member(0, "evidence/plan.json"), "plan.json")
  if options.same_key then made = samekey.plan(made) end
  local outputs = with_positions(record)
  local book = setmetatable({ outputs = function() return outputs end }, { __index = function(_, method)
    return function(_, ...) return record[method](record, ...) end
  end })
  local text = script_text(book, made, options.same_key)
  local templates, by_path = templates_of(record, made, options.name)
  checked(text, made, options.name, by_path)
  return { script = text, templates = templates }
end

return renew

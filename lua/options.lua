--- The kinds of value that a word's options may have. A kind is a function: it takes the value and the place
--- (a text for messages) and returns the value as the plan keeps it, or raises the rule that was broken.

local dates = require "dates"

local options = {}

local function broken(rule, ...) error({ rule = rule:format(...) }, 0) end

--- One line of text: UTF-8, no control characters, 1 to 200 bytes.
function options.text(value)
  if type(value) ~= "string" then broken("must be a text in quotes, not a %s", type(value)) end
  if value == "" then broken("must not be empty") end
  if #value > 200 then broken("must be at most 200 bytes long") end
  if not utf8.len(value) or value:find("[%c\127]") then broken("must be one line of UTF-8 text") end
  return value
end

--- Prose that is read aloud: as text, but longer.
function options.prose(value)
  local long = type(value) == "string" and #value > 200 and #value <= 2000
  if long and utf8.len(value) and not value:find("[%c\127]") then return value end
  return options.text(value)
end

function options.boolean(value)
  if type(value) ~= "boolean" then broken("must be true or false") end
  return value
end

--- A list of texts without repetition, at least one.
function options.texts(value)
  if type(value) ~= "table" then broken('must be a list such as { "a", "b" }') end
  local count, seen = 0, {}
  for _ in pairs(value) do count = count + 1 end
  if count == 0 then broken("must not be empty") end
  for index = 1, count do
    if value[index] == nil then broken('must be a list such as { "a", "b" }') end
    options.text(value[index])
    if seen[value[index]] then broken('names "%s" twice', value[index]) end
    seen[value[index]] = true
  end
  return value
end

--- A file name on the media: no folder, nothing hidden.
function options.media(value)
  options.text(value)
  if not value:find("^[%w_][%w._-]*$") or #value > 100 then
    broken("must be a plain file name ([A-Za-z0-9._-], not starting with a dot), as it lies on the media")
  end
  return value
end

--- A path relative to the script, for templates.
function options.path(value)
  options.text(value)
  if #value > 80 or not value:find("^[%w._/-]+$") or ("/" .. value .. "/"):find("//", 1, true) then
    broken("must be a path relative to the script, of [A-Za-z0-9._/-]")
  end
  for part in value:gmatch("[^/]+") do
    if part:find("^%.") then broken("must stay below the script's folder, without hidden parts") end
  end
  return value
end

--- An absolute URL. CRLs and the certificates of a chain are fetched before there is trust: http (RFC 5280
--- section 8, BR 7.1.2.11.2).
function options.http_url(value)
  options.text(value)
  if not value:find("^http://[%w.%-]+[:/]") and not value:find("^http://%[[%x:]+%][:/]") then
    broken("must be an http:// URL: a client that fetches it has no trust yet (RFC 5280 section 8)")
  end
  if value:find("[%s\"<>\\^`{|}#]") then broken("holds a character that no URL has") end
  if not value:find("^http://[^/]+/.") then broken("must have a path") end
  return value
end

function options.https_url(value)
  options.text(value)
  if not value:find("^https://[%w.%-%[%]:]+/?$") then broken("must be an https:// URL without a path") end
  return value
end

--- A span such as "5 years" (a date is made of it once, at the start).
function options.span(value)
  options.text(value)
  if not dates.span(value) then broken('must be a span such as "5 years", "6 months" or "90 days"') end
  return value
end

--- An absolute date in UTC.
function options.date(value)
  options.text(value)
  local seconds = dates.seconds(value)
  if not seconds then broken('must be a date such as "2026-11-23" or "2026-11-23T17:00:00Z"') end
  return dates.text(seconds)
end

--- A Go duration, as step-ca reads it ("24h"; "7d" is a parse error there).
function options.duration(value)
  options.text(value)
  return require "host".config.duration(value)
end

--- One of a fixed set.
function options.one_of(...)
  local set = { ... }
  return function(value)
    options.text(value)
    for _, one in ipairs(set) do
      if one == value then return value end
    end
    broken("is not known%s", require "nearest".hint(value, set))
  end
end

--- A distinguished name: a text is the CN; a table is the whole name, in the members of step's JSON.
function options.subject(value)
  if type(value) == "string" then return { commonName = options.text(value) } end
  if type(value) ~= "table" then broken("must be a text (the CN) or a table (the whole name)") end
  require "host".profile.check_subject(value)
  return value
end

--- The name of an artefact of this kind that an earlier word made.
function options.artefact(kind)
  return { artefact = kind, check = options.text }
end

--- Check a table of options strictly against its definition; `report(rule)` is told every fault.
function options.check(definition, given, report)
  local result, known = {}, {}
  for name in pairs(definition) do known[#known + 1] = name end
  table.sort(known)
  for name, value in pairs(given) do
    local kind = definition[name]
    if not kind then
      report(('has no option "%s"%s'):format(tostring(name), require "nearest".hint(tostring(name), known)))
    else
      local check = type(kind.kind) == "table" and kind.kind.check or kind.kind
      local fine, outcome = pcall(check, value)
      if fine then
        result[name] = outcome
      else
        report(('option "%s" %s'):format(name, type(outcome) == "table" and outcome.rule or tostring(outcome)))
      end
    end
  end
  for _, name in ipairs(known) do
    if definition[name].required and given[name] == nil then
      report(('wants the option "%s"'):format(name))
    end
  end
  return result
end

return options

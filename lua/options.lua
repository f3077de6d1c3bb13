--- The kinds of value that a word's options may have. A kind is a function: it takes the value and returns it as
--- the plan keeps it, or raises the rule that was broken: {rule = "must be ..."}, to stand behind the option's name.

local dates = require "dates"
local host = require "host"
local nearest = require "nearest"
local person = require "person"
local plain = require "plain"
local quote = require "quote"

local options = {}

local function broken(rule, ...) error({ rule = rule:format(...) }, 0) end

local function sorted_names(entries)
  local names = {}
  for name in pairs(entries) do names[#names + 1] = name end
  table.sort(names, function(a, b) return tostring(a) < tostring(b) end)
  return names
end

--- What a judge in C says stands behind the value that it judged.
local function judged(value, judge, ...)
  local fine, fault = pcall(judge, ...)
  if not fine then broken("%s %s", quote(value), fault) end
  return value
end

--- One line that people can read: no control characters, nothing that cannot be seen, no box of the agenda's own.
local function readable(value, longest)
  if type(value) ~= "string" then broken("must be a text in quotes, not %s", plain.kind(value)) end
  if not value:find "%S" then broken("must not be empty") end
  if #value > longest then broken("must be at most %d bytes long, not %d", longest, #value) end
  if not utf8.len(value) then broken("is not UTF-8 text: %s", quote(value)) end
  if value:find "%c" then broken("must be one line, without control characters: %s", quote(value)) end
  local hidden = plain.hidden(value)
  if hidden then broken("holds a character that cannot be seen (U+%04X)", hidden) end
  local box = value:match "%[%s*[xX]?%s*%]"
  if box then broken("holds %s, with which the agenda begins what is to be done", quote(box)) end
  return value
end

--- A name, a title: one line of at most 200 bytes, as a page shows it.
function options.text(value)
  readable(value, 200)
  if value:find("\\", 1, true) then
    broken("holds a backslash, which means an unseen byte on a page: %s", quote(value))
  end
  if value:find "^%s" or value:find "%s$" then broken("begins or ends with a space: %s", quote(value)) end
  return value
end

--- Prose that is read aloud: one paragraph of at most 2000 bytes.
function options.prose(value) return readable(value, 2000) end

--- A person's name; it stands in commits.
function options.person(value)
  options.text(value)
  if #value > 100 then broken("is longer than 100 bytes, and cannot stand on a page") end
  if value:find "[<>]" then broken("holds < or >, and cannot stand in a commit: %s", quote(value)) end
  local strange = person.strange(value)
  if strange then
    broken("mixes Latin letters with U+%04X (%s), that only seems to be one: %s", strange, utf8.char(strange),
      quote(value))
  end
  return value
end

function options.boolean(value)
  if type(value) ~= "boolean" then broken("must be true or false") end
  return value
end

--- A number of people.
function options.count(value)
  if math.type(value) ~= "integer" or value < 1 or value > 20 then
    broken("must be a number of people from 1 to 20, not %s", math.type(value) and tostring(value) or plain.kind(value))
  end
  return value
end

--- How many people something needs, who must not be able to do it alone.
function options.several(value)
  if math.type(value) ~= "integer" or value < 2 or value > 20 then broken("must be a number from 2 to 20") end
  return value
end

--- So many people, whoever they are, or these by their names: {count, names}.
function options.people(value)
  if type(value) ~= "table" then return { count = options.count(value) } end
  local names = options.persons(value)
  return { count = #names, names = names }
end

--- The form in which two writings of one name are the same.
options.same_person = person.folded

--- A list of values of a kind without repetition, at least one.
local function list_of(kind)
  return function(value)
    if type(value) ~= "table" or (next(value) ~= nil and value[1] == nil) then
      broken('must be a list such as { "a", "b" }')
    end
    if #value == 0 then broken("must not be empty") end
    local seen = {}
    for index, one in ipairs(value) do
      local fine, fault = pcall(kind, one)
      if not fine then broken("(entry %d) %s", index, fault.rule) end
      if seen[one] then broken("names %s twice", quote(one)) end
      seen[one] = true
    end
    return value
  end
end

options.texts = list_of(options.text)
options.persons = list_of(options.person)

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
  if value:lower():find "^https://" then
    broken("must be an http:// URL: a client that fetches it has no trust yet (RFC 5280 section 8)")
  end
  judged(value, host.config.check_url, value)
  if not value:find "^[^:]+://[^/?#]+/." then broken("%s must have a path", quote(value)) end
  if value:find "#" then broken("%s has a fragment, which no client sends; remove it", quote(value)) end
  return value
end

--- Where a revocation list is read that is published here: its last part is the name of the file (RFC 2585).
function options.crl_url(value)
  options.http_url(value)
  local file = not value:find("?", 1, true) and value:match "/([%w_][%w._-]*%.crl)$"
  if not file or #file > 80 then
    broken("must end in the name of a file such as root.crl ([A-Za-z0-9._-], at most 80, not starting with a dot), "
      .. "as it is published (RFC 2585): %s", quote(value))
  end
  return value
end

function options.https_url(value)
  options.text(value)
  judged(value, host.config.check_url, value)
  if not value:find "^[hH][tT][tT][pP][sS]://[^/?#]+/?$" then broken("must be an https:// URL without a path") end
  return value
end

--- What a server listens on: ":80", "host:80".
function options.address(value)
  options.text(value)
  return judged(value, host.config.check_address, value)
end

--- A span such as "5 years" (a date is made of it once, at the start).
function options.span(value)
  options.text(value)
  local span = dates.span(value)
  if not span then broken('must be a span such as "5 years", "6 months" or "90 days", not %s', quote(value)) end
  if dates.add(0, span) > dates.seconds "2070-01-01" then broken("must be at most 100 years, not %s", value) end
  return value
end

--- An absolute date in UTC.
function options.date(value)
  options.text(value)
  local seconds = dates.seconds(value)
  if not seconds then
    broken('must be a real date such as "2026-11-23" or "2026-11-23T17:00:00Z", not %s', quote(value))
  end
  return dates.text(seconds)
end

--- A Go duration, as step-ca reads it ("24h"; "7d" is a parse error there).
function options.duration(value)
  options.text(value)
  local fine, outcome = pcall(host.config.duration, value)
  if not fine then broken("%s", outcome) end
  if not host.config.longer(value, "0s") then broken("must be longer than nothing, not %s", quote(value)) end
  return outcome
end

--- One of a fixed set.
function options.one_of(...)
  local set = { ... }
  return function(value)
    options.text(value)
    for _, one in ipairs(set) do
      if one == value then return value end
    end
    if #set == 1 then broken("must be %s", quote(set[1])) end
    broken("%s is not known%s", quote(value), nearest.hint(value, set))
  end
end

--- Members of a name: the longest value (RFC 5280 appendix A.1), and whether there may be several.
local MEMBERS = {
  country = { 2, true }, organization = { 64, true }, organizationalUnit = { 64, true }, locality = { 128, true },
  province = { 128, true }, streetAddress = { 128, true }, postalCode = { 40, true }, commonName = { 64 },
  serialNumber = { 64 },
}

local function subject_member(name, value)
  local longest, several = table.unpack(MEMBERS[name])
  for _, one in ipairs(several and type(value) == "table" and value or { value }) do
    local fine, fault = pcall(options.text, one)
    if not fine then broken("(%s) %s", name, fault.rule) end
    if utf8.len(one) > longest or name == "country" and not one:find "^%u%u$" then
      broken("(%s) must be %s, not %s (RFC 5280 appendix A.1)", name,
        name == "country" and "two capital letters" or ("at most %d characters"):format(longest), quote(one))
    end
  end
end

--- A distinguished name: a text is the CN; a table is the whole name, in the members of step's JSON.
function options.subject(value)
  if type(value) == "string" then value = { commonName = options.text(value) } end
  if type(value) ~= "table" then broken("must be a text (the CN) or a table (the whole name)") end
  local known, given = sorted_names(MEMBERS), sorted_names(value)
  known[#known + 1] = "extraNames"
  if #given == 0 then broken("must not be empty") end
  for _, name in ipairs(given) do
    if MEMBERS[name] then
      subject_member(name, value[name])
    elseif name ~= "extraNames" then
      broken("has no member %s%s", quote(tostring(name)), nearest.hint(tostring(name), known))
    end
  end
  local fine, fault = pcall(host.profile.check_subject, value)
  if not fine then broken("is no name: %s", (tostring(fault):gsub("^subject: ", ""))) end
  return value
end

--- The name of an artefact of this kind that an earlier word made.
function options.artefact(kind)
  return { artefact = kind, check = options.text }
end

--- Check a table of options strictly against its definition; `report(rule, option)` is told every fault, in order of
--- names. An option that is misspelt is not missing too.
function options.check(definition, given, report)
  local result, known, meant = {}, sorted_names(definition), {}
  local function wrong(name, outcome)
    report(('option "%s" %s'):format(name, type(outcome) == "table" and outcome.rule or tostring(outcome)), name)
  end
  for _, name in ipairs(sorted_names(given)) do
    local kind = definition[name] and definition[name].kind
    if not kind then
      report(("has no option %s%s"):format(quote(name), nearest.hint(name, known)), name)
      meant[nearest.word(name, known) or 1] = true
    else
      local fine, outcome = pcall(type(kind) == "table" and kind.check or kind, given[name])
      if fine then
        result[name] = outcome
      else
        wrong(name, outcome)
      end
    end
  end
  for _, name in ipairs(known) do
    local is_missing = definition[name].required and given[name] == nil and not meant[name]
    if is_missing then report(('wants the option "%s"'):format(name)) end
  end
  return result
end

return options

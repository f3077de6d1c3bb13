-- Dates in templates: sprig's functions and step's own. No clock is read: `now`, and whatever falls back on it, needs
-- the option `now`. The local zone of sprig's `date` is the machine's in step; here it is UTC, and a finding.
local problem = require "template_problem"
local time = require "template_time"
local values = require "template_values"

local date = {}

local UNITS = { ns = 1, us = 1000, ["µs"] = 1000, ms = 1000000, s = 1000000000, m = 60000000000, h = 3600000000000 }

-- Go's ParseDuration, in nanoseconds; nil where it is none.
function date.parse_duration(text)
  local sign, rest = string.match(text, "^([+-]?)(.*)$")
  if rest == "0" then return 0 end
  local total = 0
  if rest == "" then return nil end
  while rest ~= "" do
    local whole, fraction, unit, after = string.match(rest, "^(%d*)(%.?%d*)([a-z\xC2\xB5]+)(.*)$")
    local digits = unit and string.match(fraction, "^%.?(%d*)$")
    if not unit or not UNITS[unit] or whole .. digits == "" then return nil end
    total = total + (tonumber(whole) or 0) * UNITS[unit]
    if digits ~= "" then total = total + math.floor(tonumber("0." .. digits) * UNITS[unit]) end
    rest = after
  end
  return math.tointeger(sign == "-" and -total or total)
end

-- Go's Duration.String, of whole seconds.
function date.duration_text(seconds)
  local sign = seconds < 0 and "-" or ""
  local n = math.abs(seconds)
  if n == 0 then return "0s" end
  local text = n % 60 .. "s"
  if n >= 60 then text = n // 60 % 60 .. "m" .. text end
  if n >= 3600 then text = n // 3600 .. "h" .. text end
  return sign .. text
end

local methods = {}

-- An instant as a template value: a time.Time.
function date.value(t)
  return values.text("time.Time", "struct", time.format(t, time.STRING), {
    time = t,
    json = function() return time.format(t, time.LAYOUTS.RFC3339Nano) end,
    methods = methods,
  })
end

local function moved(t, nanos)
  local total = t.nanos + nanos
  return time.new(t.seconds + total // 1000000000, total % 1000000000, t.offset, t.zone)
end

local function utc(t)
  return time.new(t.seconds, t.nanos)
end

local function add_date(v, years, months, days)
  local parts = time.parts(v.time)
  local month = parts.month - 1 + months
  local first = time.days(parts.year + years + month // 12, month % 12 + 1, 1)
  local clock = parts.hour * 3600 + parts.minute * 60 + parts.second
  local seconds = (first + parts.day - 1 + days) * 86400 + clock - v.time.offset
  return date.value(time.new(seconds, v.time.nanos, v.time.offset, v.time.zone))
end

local function before(a, b)
  if a.time.seconds ~= b.time.seconds then return a.time.seconds < b.time.seconds end
  return a.time.nanos < b.time.nanos
end

local function part(name)
  return { "-> int", function(v) return time.parts(v.time)[name] end }
end

local function named_part(go_type, part_name, names, base)
  return { "-> any", function(v)
    local n = time.parts(v.time)[part_name]
    return values.scalar(go_type, "int", n + base, names[n])
  end }
end

local METHODS = {
  Month = named_part("time.Month", "month", time.MONTHS, 0),
  Weekday = named_part("time.Weekday", "weekday", time.DAYS, -1),
  Format = { "string -> string", function(v, layout) return time.format(v.time, layout) end },
  String = { "-> string", function(v) return v.text end },
  Unix = { "-> int64", function(v) return v.time.seconds end },
  UTC = { "-> time", function(v) return date.value(utc(v.time)) end },
  IsZero = { "-> bool", function(v) return v.time.seconds == -62135596800 and v.time.nanos == 0 end },
  AddDate = { "int int int -> time", add_date },
  Before = { "time -> bool", before },
  After = { "time -> bool", function(a, b) return before(b, a) end },
  Equal = { "time -> bool", function(a, b) return not before(a, b) and not before(b, a) end },
  Year = part "year", Day = part "day", Hour = part "hour", Minute = part "minute", Second = part "second",
  YearDay = part "yearday",
}

-- Set once the declarations can be read (template_functions does it).
function date.declare_methods(declare)
  for name, declaration in pairs(METHODS) do methods[name] = declare(name, declaration) end
end

-- The clock ------------------------------------------------------------------------------------------------------

local function now(run)
  if not run.now then problem.raise("no time is given: a ceremony reads no clock") end
  local t, reason = time.parse(time.LAYOUTS.RFC3339, run.now)
  if not t then problem.raise("%s", reason) end
  return t
end

-- What sprig takes as a date; anything else, a float64 of a token among it, is the present to it.
local function sprig_time(run, v)
  if values.is_value(v) and v.time then return v.time end
  local seconds = values.integer(v)
  if seconds then return time.new(seconds) end
  run:find("not_a_date", run.at, values.type(v) .. " is no date to sprig, which takes the present time")
  return now(run)
end

local function to_time(run, v)
  if values.is_value(v) and v.time then return utc(v.time) end
  if math.type(v) == "float" then return time.new(math.tointeger(v < 0 and math.ceil(v) or math.floor(v))) end
  local seconds = values.integer(v)
  if seconds then return time.new(seconds) end
  return utc(now(run))
end

local function local_zone(run)
  run:find("local_zone", run.at, "step uses the time zone of its machine here; this is UTC")
end

local function in_zone(run, layout, v, zone)
  if zone == "Local" then
    local_zone(run)
  elseif zone ~= "UTC" and zone ~= "" then
    problem.raise("time zone %q is not known here; use UTC", zone)
  end
  return time.format(utc(sprig_time(run, v)), layout)
end

-- Functions ------------------------------------------------------------------------------------------------------

local function modify(run, text, v)
  local nanos = date.parse_duration(text)
  if nanos then return date.value(moved(v.time, nanos)) end
  run:find("bad_duration", run.at, string.format("%q is no duration; step leaves the date as it is", text))
  return v
end

local function must_modify(text, v)
  local nanos = date.parse_duration(text)
  if not nanos then problem.raise("time: invalid duration %q", text) end
  return date.value(moved(v.time, nanos))
end

local function to_layout(name)
  return time.LAYOUTS[(string.gsub(name, "^time%.", ""))] or name
end

local function parse_text(run, ...)
  local first, second, zone = ...
  local count = select("#", ...)
  if count == 0 then return utc(now(run)) end
  if count > 3 then return nil, "unsupported number of parameters" end
  if zone and zone ~= "UTC" and zone ~= "" then
    problem.raise("time zone %q is not known here; use UTC", zone)
  end
  if count == 1 then return time.parse(time.LAYOUTS.RFC3339, first) end
  return time.parse(to_layout(first), second)
end

local ZERO = time.new(-62135596800)

local function parse_time(run, ...)
  local t, reason = parse_text(run, ...)
  if t then return date.value(t) end
  run:find("bad_date", run.at, reason .. "; step goes on with the year 1")
  return date.value(ZERO)
end

local function must_parse_time(run, ...)
  local t, reason = parse_text(run, ...)
  if not t then problem.raise("%s", reason) end
  return date.value(t)
end

local ROUND = { { 31536000, "y" }, { 2592000, "mo" }, { 86400, "d" }, { 3600, "h" }, { 60, "m" }, { 1, "s" } }

local function rounded(nanos)
  local seconds = math.abs(nanos) / 1000000000
  for _, unit in ipairs(ROUND) do
    if seconds > unit[1] then return math.floor(seconds / unit[1]) .. unit[2] end
  end
  return "0s"
end

local function duration_round(run, v)
  if type(v) == "string" then return rounded(date.parse_duration(v) or 0) end
  if values.is_value(v) and v.time then
    local t = now(run)
    return rounded((t.seconds - v.time.seconds) * 1000000000 + t.nanos - v.time.nanos)
  end
  if values.type(v) == "int64" then return rounded(v.value) end
  return "0s"
end

-- Seconds, as an int64 or a text; an int, which a literal is, counts as 0 to sprig.
local function duration(v)
  if type(v) == "string" then return date.duration_text(math.tointeger(tonumber(v)) or 0) end
  return date.duration_text(values.type(v) == "int64" and v.value or 0)
end

local IN_ZONE = { "run string any string -> string", in_zone }
local MODIFY = { "run string time -> time", modify }
local MUST_MODIFY = { "string time -> time", must_modify }

date.functions = {
  now = { "run -> time", function(run) return date.value(now(run)) end },
  date = { "run string any -> string", function(run, layout, v) return in_zone(run, layout, v, "Local") end },
  dateInZone = IN_ZONE,
  date_in_zone = IN_ZONE,
  htmlDate = { "run any -> string", function(run, v) return in_zone(run, "2006-01-02", v, "Local") end },
  htmlDateInZone = { "run any string -> string", function(run, v, zone)
    return in_zone(run, "2006-01-02", v, zone)
  end },
  dateModify = MODIFY,
  date_modify = MODIFY,
  mustDateModify = MUST_MODIFY,
  must_date_modify = MUST_MODIFY,
  toDate = { "run string string -> time", function(run, layout, text) return parse_time(run, layout, text) end },
  mustToDate = { "run string string -> time", function(run, layout, text)
    return must_parse_time(run, layout, text)
  end },
  unixEpoch = { "time -> string", function(v) return tostring(v.time.seconds) end },
  duration = { "any -> string", duration },
  durationRound = { "run any -> string", duration_round },
  ago = { "run any -> string", function(run, v)
    return date.duration_text(now(run).seconds - sprig_time(run, v).seconds)
  end },

  toTime = { "run any -> time", function(run, v) return date.value(to_time(run, v)) end },
  formatTime = { "run any -> string", function(run, v)
    return time.format(to_time(run, v), time.LAYOUTS.RFC3339)
  end },
  parseTime = { "run string... -> time", parse_time },
  mustParseTime = { "run string... -> time", must_parse_time },
  toTimeLayout = { "string -> string", to_layout },
}

return date

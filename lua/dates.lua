--- Dates without a clock: RFC 3339 texts in UTC, whole seconds, and spans such as "5 years".

local dates = {}

local MONTH_DAYS = { 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31 }
local SPAN = { year = "years", month = "months", week = "weeks", day = "days", hour = "hours" }

local function is_leap(year) return year % 4 == 0 and (year % 100 ~= 0 or year % 400 == 0) end

local function days_in(year, month) return month == 2 and is_leap(year) and 29 or MONTH_DAYS[month] end

--- Days since 1970-01-01 of a civil date.
local function day_number(year, month, day)
  local y = month <= 2 and year - 1 or year
  local era = y // 400
  local yoe = y - era * 400
  local doy = (153 * (month + (month > 2 and -3 or 9)) + 2) // 5 + day - 1
  return era * 146097 + yoe * 365 + yoe // 4 - yoe // 100 + doy - 719468
end

local function civil(days)
  local z = days + 719468
  local era = z // 146097
  local doe = z - era * 146097
  local yoe = (doe - doe // 1460 + doe // 36524 - doe // 146096) // 365
  local doy = doe - (365 * yoe + yoe // 4 - yoe // 100)
  local mp = (5 * doy + 2) // 153
  local month = mp + (mp < 10 and 3 or -9)
  return yoe + era * 400 + (month <= 2 and 1 or 0), month, doy - (153 * mp + 2) // 5 + 1
end

--- Seconds since 1970 of "2026-11-23T17:00:00Z" or "2026-11-23" (its first second); nil when it is neither.
function dates.seconds(text)
  local y, m, d, rest = text:match("^(%d%d%d%d)%-(%d%d)%-(%d%d)(.*)$")
  if not y then return nil end
  local hour, minute, second = "0", "0", "0"
  if rest ~= "" then
    hour, minute, second = rest:match("^T(%d%d):(%d%d):(%d%d)Z$")
    if not hour then return nil end
  end
  y, m, d = math.tointeger(y), math.tointeger(m), math.tointeger(d)
  hour, minute, second = math.tointeger(hour), math.tointeger(minute), math.tointeger(second)
  if m < 1 or m > 12 or d < 1 or d > days_in(y, m) or hour > 23 or minute > 59 or second > 59 then return nil end
  return day_number(y, m, d) * 86400 + hour * 3600 + minute * 60 + second
end

function dates.text(seconds)
  local y, m, d = civil(seconds // 86400)
  local rest = seconds % 86400
  return ("%04d-%02d-%02dT%02d:%02d:%02dZ"):format(y, m, d, rest // 3600, rest // 60 % 60, rest % 60)
end

--- {count, unit} of "5 years", "1 month", "90 days", "36 hours"; nil when it is none.
function dates.span(text)
  local count, unit = text:match("^(%d+) (%a+)$")
  if not count or #count > 5 then return nil end
  unit = SPAN[unit] or (SPAN[unit:sub(1, -2)] == unit and unit) or nil
  count = math.tointeger(count)
  if not unit or count == 0 then return nil end
  return { count = count, unit = unit }
end

--- The instant a span after another; a day that the month lacks becomes its last.
function dates.add(seconds, span)
  local fixed = ({ weeks = 604800, days = 86400, hours = 3600 })[span.unit]
  if fixed then return seconds + span.count * fixed end
  local y, m, d = civil(seconds // 86400)
  local months = y * 12 + m - 1 + span.count * (span.unit == "years" and 12 or 1)
  local year, month = months // 12, months % 12 + 1
  return day_number(year, month, math.min(d, days_in(year, month))) * 86400 + seconds % 86400
end

return dates

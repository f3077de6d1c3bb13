-- Go's time: instants with an offset, written and read by Go's layouts ("2006-01-02T15:04:05Z07:00").
-- An instant is { seconds (Unix), nanos, offset (seconds east of UTC), zone (its name, "" if it has none) }.
-- The only named zone is UTC: where Go would ask the machine for others, this refuses.
local time = {}

local sub, find, match, form = string.sub, string.find, string.match, string.format

local MONTHS = { "January", "February", "March", "April", "May", "June", "July", "August", "September", "October",
  "November", "December" }
local DAYS = { "Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday" }

time.LAYOUTS = {
  Layout = "01/02 03:04:05PM '06 -0700", ANSIC = "Mon Jan _2 15:04:05 2006",
  UnixDate = "Mon Jan _2 15:04:05 MST 2006", RubyDate = "Mon Jan 02 15:04:05 -0700 2006",
  RFC822 = "02 Jan 06 15:04 MST", RFC822Z = "02 Jan 06 15:04 -0700", RFC850 = "Monday, 02-Jan-06 15:04:05 MST",
  RFC1123 = "Mon, 02 Jan 2006 15:04:05 MST", RFC1123Z = "Mon, 02 Jan 2006 15:04:05 -0700",
  RFC3339 = "2006-01-02T15:04:05Z07:00", RFC3339Nano = "2006-01-02T15:04:05.999999999Z07:00", Kitchen = "3:04PM",
  Stamp = "Jan _2 15:04:05", StampMilli = "Jan _2 15:04:05.000", StampMicro = "Jan _2 15:04:05.000000",
  StampNano = "Jan _2 15:04:05.000000000", DateTime = "2006-01-02 15:04:05", DateOnly = "2006-01-02",
  TimeOnly = "15:04:05",
}
time.STRING = "2006-01-02 15:04:05.999999999 -0700 MST"

-- The calendar (proleptic Gregorian) -------------------------------------------------------------------------------

function time.days(year, month, day)
  local y = month > 2 and year or year - 1
  local era = y // 400
  local of_era = y - era * 400
  local of_year = (153 * ((month + 9) % 12) + 2) // 5 + day - 1
  return era * 146097 + of_era * 365 + of_era // 4 - of_era // 100 + of_year - 719468
end

function time.new(seconds, nanos, offset, zone)
  return { seconds = seconds, nanos = nanos or 0, offset = offset or 0, zone = zone or "UTC" }
end

-- What clock and calendar show at an instant, in its zone.
function time.parts(t)
  local seconds = t.seconds + t.offset
  local days, rest = seconds // 86400, seconds % 86400
  local z = days + 719468
  local era, of_era = z // 146097, z % 146097
  local of_cycle = (of_era - of_era // 1460 + of_era // 36524 - of_era // 146096) // 365
  local of_year = of_era - (365 * of_cycle + of_cycle // 4 - of_cycle // 100)
  local shifted = (5 * of_year + 2) // 153
  local month = shifted < 10 and shifted + 3 or shifted - 9
  local year = of_cycle + era * 400 + (month <= 2 and 1 or 0)
  return {
    year = year, month = month, day = of_year - (153 * shifted + 2) // 5 + 1,
    hour = rest // 3600, minute = rest // 60 % 60, second = rest % 60, nanos = t.nanos,
    weekday = (days + 4) % 7 + 1, yearday = days - time.days(year, 1, 1) + 1,
  }
end

-- Layouts --------------------------------------------------------------------------------------------------------

-- In the order in which they are tried; a longer one comes before its prefix.
local CHUNKS = {
  "January", "Jan", "Monday", "Mon", "MST", "002", "01", "02", "03", "04", "05", "06", "15", "1", "2006", "2",
  "__2", "_2", "3", "4", "5", "PM", "pm",
  "-07:00:00", "-070000", "-07:00", "-0700", "-07", "Z07:00:00", "Z070000", "Z07:00", "Z0700", "Z07",
}
local SHORT_NAME = { Jan = true, Mon = true }

local function chunk_at(layout, at)
  local fraction = match(layout, "^[.,]0+", at) or match(layout, "^[.,]9+", at)
  if fraction and not find(layout, "^%d", at + #fraction) then return fraction, "fraction" end
  if find(layout, "^_2006", at) then return nil end
  for _, chunk in ipairs(CHUNKS) do
    local fits = sub(layout, at, at + #chunk - 1) == chunk
    if fits and not (SHORT_NAME[chunk] and find(layout, "^%l", at + #chunk)) then return chunk, chunk end
  end
  return nil
end

-- A layout as a list of {literal =} and {chunk =, kind =}.
local function chunks_of(layout)
  local list, at, from = {}, 1, 1
  while at <= #layout do
    local chunk, kind = chunk_at(layout, at)
    if chunk then
      if at > from then list[#list + 1] = { literal = sub(layout, from, at - 1) } end
      list[#list + 1] = { chunk = chunk, kind = kind }
      at = at + #chunk
      from = at
    else
      at = at + 1
    end
  end
  if from <= #layout then list[#list + 1] = { literal = sub(layout, from) } end
  return list
end

-- Writing --------------------------------------------------------------------------------------------------------

-- "+0200" by the pattern "-0700"; the pattern says whether minutes, seconds and colons are there.
local function offset_text(t, pattern)
  local total = math.abs(t.offset)
  local numbers = { total // 3600, total // 60 % 60, total % 60 }
  local n = 0
  local body = string.gsub(sub(pattern, 2), "%d%d", function()
    n = n + 1
    return form("%02d", numbers[n])
  end)
  return (t.offset < 0 and "-" or "+") .. body
end

local function zone_text(t)
  if t.zone ~= "" then return t.zone end
  return offset_text(t, "-0700")
end

local function fraction_text(nanos, chunk)
  local digits = sub(form("%09d", nanos), 1, math.min(#chunk - 1, 9))
  digits = digits .. string.rep("0", #chunk - 1 - #digits)
  if sub(chunk, 2, 2) == "0" then return sub(chunk, 1, 1) .. digits end
  digits = match(digits, "^(.-)0*$")
  return digits == "" and "" or sub(chunk, 1, 1) .. digits
end

local WRITE = {
  ["2006"] = function(p) return form("%04d", p.year) end,
  ["06"] = function(p) return form("%02d", p.year % 100) end,
  January = function(p) return MONTHS[p.month] end,
  Jan = function(p) return sub(MONTHS[p.month], 1, 3) end,
  ["1"] = function(p) return form("%d", p.month) end,
  ["01"] = function(p) return form("%02d", p.month) end,
  Monday = function(p) return DAYS[p.weekday] end,
  Mon = function(p) return sub(DAYS[p.weekday], 1, 3) end,
  ["2"] = function(p) return form("%d", p.day) end,
  ["_2"] = function(p) return form("%2d", p.day) end,
  ["02"] = function(p) return form("%02d", p.day) end,
  ["__2"] = function(p) return form("%3d", p.yearday) end,
  ["002"] = function(p) return form("%03d", p.yearday) end,
  ["15"] = function(p) return form("%02d", p.hour) end,
  ["3"] = function(p) return form("%d", (p.hour + 11) % 12 + 1) end,
  ["03"] = function(p) return form("%02d", (p.hour + 11) % 12 + 1) end,
  ["4"] = function(p) return form("%d", p.minute) end,
  ["04"] = function(p) return form("%02d", p.minute) end,
  ["5"] = function(p) return form("%d", p.second) end,
  ["05"] = function(p) return form("%02d", p.second) end,
  PM = function(p) return p.hour >= 12 and "PM" or "AM" end,
  pm = function(p) return p.hour >= 12 and "pm" or "am" end,
}

function time.format(t, layout)
  local out, parts = {}, time.parts(t)
  for i, item in ipairs(chunks_of(layout)) do
    if item.literal then
      out[i] = item.literal
    elseif item.kind == "fraction" then
      out[i] = fraction_text(t.nanos, item.chunk)
    elseif item.kind == "MST" then
      out[i] = zone_text(t)
    elseif WRITE[item.kind] then
      out[i] = WRITE[item.kind](parts)
    elseif sub(item.kind, 1, 1) == "Z" and t.offset == 0 then
      out[i] = "Z"
    else
      out[i] = offset_text(t, item.chunk)
    end
  end
  return table.concat(out)
end

-- Reading --------------------------------------------------------------------------------------------------------

-- Each reader takes the rest of the text and the found parts; gives the rest after it, or nil.
local function digits(least, most, name)
  local pattern = "^" .. string.rep("%d", least) .. string.rep("%d?", most - least)
  return function(text, found)
    local number = match(text, pattern)
    if not number then return nil end
    found[name] = tonumber(number)
    return sub(text, #number + 1)
  end
end

local function name(list, length, part)
  return function(text, found)
    for i, word in ipairs(list) do
      local short = sub(word, 1, length or #word)
      if string.lower(sub(text, 1, #short)) == string.lower(short) then
        found[part] = i
        return sub(text, #short + 1)
      end
    end
    return nil
  end
end

local function half(text, found)
  local word = match(text, "^[AP]M") or match(text, "^[ap]m")
  if not word then return nil end
  found.half = string.upper(word)
  return sub(text, 3)
end

local function zone_name(text, found)
  if sub(text, 1, 3) == "UTC" then
    found.offset, found.zone = 0, "UTC"
    return sub(text, 4)
  end
  local zone = match(text, "^GMT[+-]%d%d?") or match(text, "^%u%u%u%u?%u?")
  if not zone or #zone == 5 and sub(zone, 5) ~= "T" and not find(zone, "%d") then return nil end
  local hours = match(zone, "^GMT([+-]%d+)$")
  -- As in Go, a zone known only by its name tells how to show the time, not when it is.
  found.offset, found.zone, found.named = (tonumber(hours) or 0) * 3600, zone, true
  return sub(text, #zone + 1)
end

local function leading_space(reader)
  return function(text, found) return reader((string.gsub(text, "^ ", "")), found) end
end

local READ = {
  ["2006"] = digits(4, 4, "year"),
  ["06"] = digits(2, 2, "short_year"),
  January = name(MONTHS, nil, "month"), Jan = name(MONTHS, 3, "month"),
  ["1"] = digits(1, 2, "month"), ["01"] = digits(2, 2, "month"),
  Monday = name(DAYS, nil, "weekday"), Mon = name(DAYS, 3, "weekday"),
  ["2"] = digits(1, 2, "day"), ["_2"] = leading_space(digits(1, 2, "day")), ["02"] = digits(2, 2, "day"),
  ["15"] = digits(2, 2, "hour"), ["3"] = digits(1, 2, "hour12"), ["03"] = digits(2, 2, "hour12"),
  ["4"] = digits(1, 2, "minute"), ["04"] = digits(2, 2, "minute"),
  ["5"] = digits(1, 2, "second"), ["05"] = digits(2, 2, "second"),
  PM = half, pm = half, MST = zone_name,
}

local function read_offset(text, found, pattern)
  if sub(pattern, 1, 1) == "Z" and sub(text, 1, 1) == "Z" then
    found.offset, found.zone = 0, "UTC"
    return sub(text, 2)
  end
  local shape = string.gsub(sub(pattern, 2), "%d%d", "(%%d%%d)")
  local sign, hours, minutes, seconds = match(text, "^([+-])" .. shape)
  if not sign or tonumber(hours) > 24 or tonumber(minutes or 0) > 59 then return nil end
  found.offset = tonumber(hours) * 3600 + tonumber(minutes or 0) * 60 + tonumber(seconds or 0)
  if sign == "-" then found.offset = -found.offset end
  return sub(text, #pattern + 1)
end

local function read_fraction(text, found, count)
  local number = match(text, "^[.,](%d+)")
  if not number or (count and #number < count) then return nil end
  number = sub(number, 1, count or #number)
  found.nanos = tonumber(sub(number .. "000000000", 1, 9))
  return sub(text, #number + 2)
end

local function read_chunk(item, text, found, follower)
  if item.literal then
    if sub(text, 1, #item.literal) ~= item.literal then return nil end
    return sub(text, #item.literal + 1)
  end
  if item.kind == "fraction" then
    local optional = sub(item.chunk, 2, 2) == "9"
    if optional and not find(text, "^[.,]%d") then return text end
    return read_fraction(text, found, not optional and #item.chunk - 1 or nil)
  end
  if not READ[item.kind] then
    if item.kind == "002" or item.kind == "__2" then return nil end
    return read_offset(text, found, item.chunk)
  end
  local rest = READ[item.kind](text, found)
  -- A fraction of a second may follow the seconds though the layout has none.
  local seconds = item.kind == "05" or item.kind == "5"
  if rest and seconds and not (follower and follower.kind == "fraction") and find(rest, "^[.,]%d") then
    rest = read_fraction(rest, found)
  end
  return rest
end

local LENGTHS = { 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31 }

function time.month_length(year, month)
  local leap = year % 4 == 0 and (year % 100 ~= 0 or year % 400 == 0)
  return (month == 2 and leap) and 29 or LENGTHS[month]
end

local function hour_of(found)
  local hour = found.hour or found.hour12 or 0
  if found.hour12 and hour > 12 then return nil end
  if found.half == "PM" and hour < 12 then return hour + 12 end
  if found.half == "AM" and hour == 12 then return 0 end
  return hour
end

local function instant(found)
  if found.short_year then found.year = found.short_year + (found.short_year >= 69 and 1900 or 2000) end
  local year, month, day = found.year or 0, found.month or 1, found.day or 1
  if month < 1 or month > 12 then return nil, "month out of range" end
  if day < 1 or day > time.month_length(year, month) then return nil, "day out of range" end
  local hour, minute, second = hour_of(found), found.minute or 0, found.second or 0
  if not hour or hour > 23 then return nil, "hour out of range" end
  if minute > 59 then return nil, "minute out of range" end
  if second > 59 then return nil, "second out of range" end
  local offset = found.offset or 0
  local seconds = time.days(year, month, day) * 86400 + hour * 3600 + minute * 60 + second
  if not found.named then seconds = seconds - offset end
  local zone = found.zone or (offset == 0 and "UTC" or "")
  return time.new(seconds, found.nanos, offset, zone)
end

time.MONTHS, time.DAYS = MONTHS, DAYS

-- The instant that a text names under a layout; nil and the reason where it names none.
function time.parse(layout, text)
  local found, rest = {}, text
  local list = chunks_of(layout)
  for i, item in ipairs(list) do
    rest = read_chunk(item, rest, found, list[i + 1])
    if not rest then
      return nil, form('parsing time %q as %q: cannot parse %q', text, layout, item.literal or item.chunk)
    end
  end
  if rest ~= "" then return nil, form("parsing time %q: extra text: %q", text, rest) end
  local t, reason = instant(found)
  if not t then return nil, form("parsing time %q: %s", text, reason) end
  return t
end

return time

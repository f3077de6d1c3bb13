--- lua/dates.lua, held against date(1).

local dates = require "dates"
local scratch = require "scratch"
local tap = require "tap"

--- What date(1) makes of many lines at once.
local function by_date(lines, format)
  local path = scratch.write("dates", table.concat(lines, "\n") .. "\n")
  local pipe <close> = assert(io.popen(("LC_ALL=C date -u -f %s +'%s'"):format(path, format)))
  local list = {}
  for line in pipe:lines() do list[#list + 1] = line end
  return list
end

local samples = { 0, 1, 86399, 86400, 951782400, 951868800, 1709164800, 4102444799, 4102444800, 253402300799 }
for n = 1, 500 do samples[#samples + 1] = n * 506804567 + n % 86400 end

tap.test("text and seconds agree with date(1), there and back", function()
  local given = {}
  for index, seconds in ipairs(samples) do given[index] = "@" .. seconds end
  local texts = by_date(given, "%Y-%m-%dT%H:%M:%SZ")
  tap.equal(#texts, #samples)
  for index, seconds in ipairs(samples) do
    tap.equal(dates.text(seconds), texts[index], tostring(seconds))
    tap.equal(dates.seconds(texts[index]), seconds, texts[index])
  end
end)

tap.test("every day of a leap year, of a year that is none, and of 2000 and 2100 is one", function()
  for _, year in ipairs { 2000, 2026, 2028, 2100 } do
    local lines = {}
    local first = dates.seconds(year .. "-01-01")
    for day = 0, 364 do lines[#lines + 1] = dates.text(first + day * 86400) end
    local theirs = by_date(lines, "%s")
    for day = 0, 364 do tap.equal(math.tointeger(theirs[day + 1]), first + day * 86400) end
  end
end)

tap.test("a date alone is its first second", function()
  tap.equal(dates.seconds "2026-11-23", dates.seconds "2026-11-23T00:00:00Z")
end)

tap.test("what is no date is none", function()
  for _, text in ipairs { "", "2026", "2026-11", "2026-1-1", "26-11-23", "2026-00-01", "2026-13-01", "2026-01-00",
    "2026-01-32", "2026-04-31", "2026-02-29", "2100-02-29", "2026-11-23T", "2026-11-23T17:00:00",
    "2026-11-23T17:00Z", "2026-11-23T24:00:00Z", "2026-11-23T17:60:00Z", "2026-11-23T17:00:60Z",
    "2026-11-23T17:00:00z", "2026-11-23 17:00:00Z", "2026-11-23T17:00:00+00:00", "2026-11-23T17:00:00.0Z",
    " 2026-11-23", "2026-11-23 ", "2026-11-23\n", "02026-11-23", "-026-11-23", "+026-11-23" } do
    tap.equal(dates.seconds(text), nil, text)
  end
end)

tap.test("spans: a count and a unit, in one or many", function()
  for text, wanted in pairs { ["5 years"] = { count = 5, unit = "years" }, ["1 year"] = { count = 1, unit = "years" },
    ["6 months"] = { count = 6, unit = "months" }, ["90 days"] = { count = 90, unit = "days" },
    ["2 weeks"] = { count = 2, unit = "weeks" }, ["36 hours"] = { count = 36, unit = "hours" },
    ["99999 days"] = { count = 99999, unit = "days" } } do
    tap.same(dates.span(text), wanted, text)
  end
  for _, text in ipairs { "", "5", "years", "5years", "5  years", "0 days", "-5 years", "5.5 years", "5 decades",
    "5 minutes", "five years", "5 Years", "5 years ", "100000 days", "5 yearss", "5 y" } do
    tap.equal(dates.span(text), nil, text)
  end
end)

local function after(begins, span) return dates.text(dates.add(dates.seconds(begins), dates.span(span))) end

tap.test("a span after a date: months keep the day, or take the month's last", function()
  tap.equal(after("2026-11-23T17:00:00Z", "5 years"), "2031-11-23T17:00:00Z")
  tap.equal(after("2026-11-23T17:00:00Z", "6 months"), "2027-05-23T17:00:00Z")
  tap.equal(after("2026-12-31", "2 months"), "2027-02-28T00:00:00Z")
  tap.equal(after("2027-12-31", "2 months"), "2028-02-29T00:00:00Z")
  tap.equal(after("2028-02-29", "1 year"), "2029-02-28T00:00:00Z")
  tap.equal(after("2028-02-29", "4 years"), "2032-02-29T00:00:00Z")
  tap.equal(after("2026-01-31", "1 month"), "2026-02-28T00:00:00Z")
  tap.equal(after("2026-10-31", "1 month"), "2026-11-30T00:00:00Z")
  tap.equal(after("2026-11-23", "13 months"), "2027-12-23T00:00:00Z")
end)

tap.test("weeks, days and hours are so many seconds", function()
  local begins = dates.seconds "2026-11-23"
  for span, seconds in pairs { ["1 week"] = 604800, ["90 days"] = 7776000, ["1 hour"] = 3600 } do
    tap.equal(dates.add(begins, dates.span(span)) - begins, seconds, span)
  end
end)

tap.done()

--- lua/plan.lua and lua/check.lua: from a description to a plan that holds, the same bytes for the same script.
--- What they refuse is in tests/broken.

local dates = require "dates"
local host = require "host"
local opening = require "opening"
local plan = require "plan"
local scratch = require "scratch"
local tap = require "tap"

local FLAGSHIP = "lua/ceremonies/intermediate-ca.lua"
local BEGINS = "2026-11-23T17:00:00Z"

scratch.write("rsa_intermediate_ca.tpl", tap.read "lua/ceremonies/rsa_intermediate_ca.tpl")

local function resolved(path, begins)
  local made = plan.load(path)
  plan.resolve(made, begins)
  return made, plan.encode(made)
end

--- The flagship with a text in it replaced.
local function changed(from, to)
  local text = tap.read(FLAGSHIP)
  local first, last = text:find(from, 1, true)
  assert(first, from)
  return scratch.write("script.lua", text:sub(1, first - 1) .. to .. text:sub(last + 1))
end

local function word_of(made, verb)
  for _, step in ipairs(made.steps) do
    for _, word in ipairs(step.words) do
      if word.verb == verb then return word end
    end
  end
end

tap.test("the flagship's plan: people, stations, steps, templates", function()
  local made, source = plan.load(FLAGSHIP)
  tap.equal(made.format, "verger-plan-1")
  tap.equal(made.version, "1.0")
  tap.same(made.script, { name = "intermediate-ca.lua", sha256 = host.digest.hex(tap.read(FLAGSHIP)) })
  tap.same(made.people, { { role = "administrator", count = 1 }, { role = "operator", count = 1 },
    { role = "witnesses", count = 2 } })
  tap.equal(made.stations[1].name .. " " .. made.stations[2].name, "ca root")
  tap.equal(#made.steps, 9)
  tap.equal(made.steps[5].slug, "sign-offline")
  tap.equal(made.steps[5].station, "root")
  tap.same(made.templates, { { path = "rsa_intermediate_ca.tpl",
    sha256 = host.digest.hex(tap.read "lua/ceremonies/rsa_intermediate_ca.tpl") } })
  tap.equal(source.text, tap.read(FLAGSHIP))
  tap.equal(source.templates[1].text, tap.read "lua/ceremonies/rsa_intermediate_ca.tpl")
end)

tap.test("before the start no date is fixed, after it every one", function()
  local made = plan.load(FLAGSHIP)
  local sign, publish = word_of(made, "sign"), word_of(made, "publish")
  tap.equal(sign.begins, nil)
  assert(sign.sentence:find("valid for 5 years from the start of the ceremony", 1, true), sign.sentence)
  plan.resolve(made, BEGINS)
  tap.equal(sign.begins, BEGINS)
  tap.equal(sign.ends, "2031-11-23T16:59:59Z", "both ends of a certificate's validity are in it")
  tap.equal(publish.begins, BEGINS)
  tap.equal(publish.ends, "2027-05-23T17:00:00Z", "nextUpdate is an instant")
  assert(sign.sentence:find("valid from 2026-11-23T17:00:00Z to 2031-11-23T16:59:59Z", 1, true), sign.sentence)
end)

tap.test("absolute dates stay what they are", function()
  local path = changed('valid_for = "5 years"', 'begins = "2027-01-01", ends = "2032-01-01"')
  local sign = word_of(resolved(path, BEGINS), "sign")
  tap.equal(sign.begins, "2027-01-01T00:00:00Z")
  tap.equal(sign.ends, "2032-01-01T00:00:00Z")
  sign = word_of(resolved(changed('valid_for = "5 years"', 'begins = "2027-01-01", valid_for = "1 year"'), BEGINS),
    "sign")
  tap.equal(sign.ends, "2027-12-31T23:59:59Z")
end)

tap.test("the same script and the same start give the same bytes", function()
  local _, one = resolved(FLAGSHIP, BEGINS)
  for _ = 1, 20 do
    local _, other = resolved(FLAGSHIP, BEGINS)
    tap.equal(other, one)
  end
  local made = plan.load(FLAGSHIP)
  plan.resolve(made, BEGINS)
  plan.resolve(made, BEGINS)
  tap.equal(plan.encode(made), one, "resolved twice")
end)

tap.test("the bytes are canonical JSON, and another start or script gives others", function()
  local _, one = resolved(FLAGSHIP, BEGINS)
  local read = host.json.decode(one, "plan")
  tap.equal(host.json.encode(read), one)
  tap.equal(read.begins, BEGINS)
  local _, later = resolved(FLAGSHIP, "2026-11-23T17:00:01Z")
  assert(later ~= one)
  local _, other = resolved(changed("RSA-3072", "RSA-4096"), BEGINS)
  assert(other:gsub("RSA%-4096", "RSA-3072"):gsub('"script":{.-}', "") ~= other)
  assert(other ~= one)
end)

tap.test("jq reads the plan", function()
  local _, text = resolved(FLAGSHIP, BEGINS)
  local path = scratch.write("plan.json", text)
  local pipe <close> = assert(io.popen("jq -r '[.steps[].words[].ends | select(.)] | join(\" \")' " .. path))
  tap.equal(pipe:read "l", "2031-11-23T16:59:59Z 2027-05-23T17:00:00Z")
end)

tap.test("every prompt has an id of its own: step.verb.n", function()
  local made, seen = plan.load(FLAGSHIP), {}
  local function see(id)
    assert(not seen[id], id .. " is there twice")
    seen[id] = true
  end
  for _, prompt in ipairs(opening.prompts(made)) do see(prompt.id) end
  for _, step in ipairs(made.steps) do
    for _, word in ipairs(step.words) do
      for _, prompt in ipairs(word.prompts) do
        see(prompt.id)
        assert(prompt.id:find("^" .. step.slug:gsub("%-", "%%-") .. "%." .. word.verb .. "%.%d+$"), prompt.id)
        assert(prompt.question:find "%?$" or prompt.question:find "%.$", prompt.question)
      end
    end
  end
  assert(seen["sign-offline.unlock.1"] and seen["sign-offline.publish.2"] and seen["start.witnesses.2"])
end)

tap.test("every word has a sentence", function()
  for _, step in ipairs(plan.load(FLAGSHIP).steps) do
    for _, word in ipairs(step.words) do
      assert(word.sentence:find "^%u.+[.?]$", word.verb .. ": " .. word.sentence)
    end
  end
end)

tap.test("people may be named; nobody is asked for them then", function()
  local made = plan.load(changed("administrator = 1, operator = 1, witnesses = 2",
    'administrator = "Ada Example", witnesses = { "Ben", "Cem" }, operator = 1'))
  tap.same(made.people, { { role = "administrator", count = 1, names = { "Ada Example" } },
    { role = "operator", count = 1 }, { role = "witnesses", count = 2, names = { "Ben", "Cem" } } })
  local prompts = opening.prompts(made)
  tap.equal(prompts[1].id, "start.operator.1")
  tap.equal(prompts[2].id, "start.rehearsal.1")
end)

tap.test("a key may be unlocked in each of two steps, and a template may be the signer's own", function()
  plan.load(changed('  publish "root revocation list"', '}\nstep "Publish" { at = "root",\n'
    .. '  unlock "root key" { from = "root.key" },\n  publish "root revocation list"'))
  local made = plan.load(changed('valid_for = "5 years"',
    'valid_for = "5 years", template = "rsa_intermediate_ca.tpl"'))
  tap.equal(#made.templates, 1, "a template is kept once")
end)

tap.test("no fault is lost where there are many, and the text has its bound", function()
  local steps = {}
  for n = 1, 40 do steps[n] = ('step "Step %d" { at = "moon", say "x" }'):format(n) end
  local path = scratch.write("many.lua",
    'ceremony "A" { version = "1" }\npeople { operator = 1 }\nstations { ca = "x" }\n' .. table.concat(steps, "\n"))
  local fine, problem = pcall(plan.load, path)
  tap.equal(fine, false)
  local _, told = problem:gsub("unknown station", "")
  tap.equal(told + math.tointeger(problem:match "%.%.%. and (%d+) more$"), 40)
  assert(#problem < 1024, #problem)
  assert(problem:find("many.lua:4: ", 1, true) and problem:find("many.lua:5: ", 1, true))
end)

tap.test("a plan never reads a clock", function()
  local now = host.clock.now
  host.clock.now = function() error "the clock was read" end
  local made = plan.load(FLAGSHIP)
  plan.resolve(made, BEGINS)
  plan.encode(made)
  host.clock.now = now
  tap.equal(dates.text(dates.seconds(BEGINS)), BEGINS)
end)

tap.done()

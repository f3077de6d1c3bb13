--- Replay: the record of a rehearsal comes out the same; where a page tells otherwise, that is named, and nothing else.

local host = require "host"
local plan = require "plan"
local rehearse = require "rehearse"
local replay = require "replay"
local scratch = require "scratch"
local tap = require "tap"

--- The record of the flagship ceremony, with a key that is quickly made.
local function rehearsed()
  local script = tap.read("lua/ceremonies/intermediate-ca.lua"):gsub("RSA%-3072", "P-256")
  scratch.write("rsa_intermediate_ca.tpl", tap.read "lua/ceremonies/rsa_intermediate_ca.tpl")
  local folder = scratch.folder .. "/record"
  local room = { say = function() end, has_answer = function() return false end }
  rehearse.walk({ record = folder, room = room, unattended = true }, plan.load(scratch.write("ca.lua", script)))
  return folder
end

local folder = rehearsed()
local open = host.record.open

--- The record as it is, but for what `change` makes of a member: (number, name, bytes) -> bytes or nil; and of a
--- page.json: (number, page) -> nothing.
local function doctored(change, change_page)
  return function(...)
    local record = open(...)
    return setmetatable({
      member = function(_, number, name)
        local bytes = record:member(number, name)
        return change and change(number, name, bytes) or bytes
      end,
      page = function(_, number)
        local page = record:page(number)
        if change_page then change_page(number, page) end
        return page
      end,
    }, { __index = function(_, method)
      return function(_, ...) return record[method](record, ...) end
    end })
  end
end

local function replayed(change, change_page)
  host.record.open = doctored(change, change_page)
  local fine, text = pcall(replay.run, { record = folder, head = open(folder, false):head() })
  host.record.open = open
  if not fine then error(text, 0) end
  return host.json.decode(text, "report")
end

--- What is different: "page what: path, path", or "page what: why".
local function different(report)
  local list = {}
  for _, item in ipairs(report.items) do
    local paths = {}
    for index, one in ipairs(item.differences) do paths[index] = one.path end
    if item.verdict == "different" then
      list[#list + 1] = ("%d %s: %s"):format(item.page, item.what, item.why or table.concat(paths, ", "))
    end
  end
  return table.concat(list, "\n")
end

tap.test("what nobody doctored comes out the same, and what cannot is named", function()
  local report, verdicts = replayed(), {}
  tap.equal(different(report), "")
  tap.equal(report.faithful, true)
  tap.equal(report.same_program, true)
  tap.equal(report.signed, false)
  tap.equal(report.plan.verdict, "identical")
  for _, item in ipairs(report.items) do verdicts[item.page .. " " .. item.what] = item.verdict end
  tap.equal(verdicts["1 files/ca/config/ca.json"], "identical")
  tap.equal(verdicts["1 files/ca/certs/root_ca.crt"], "not again")
  tap.equal(verdicts["2 ca/certs/root_ca.crt (removed)"], "identical")
  tap.equal(verdicts["3 files/ca/config/defaults.json"], "identical")
  tap.equal(verdicts["4 evidence/intermediate-request.csr"], "unsigned")
  tap.equal(verdicts["5 evidence/intermediate-certificate.crt"], "unsigned")
  tap.equal(verdicts["5 evidence/root-revocation-list.crl"], "unsigned")
  tap.equal(verdicts["5 files/root/publish/bundle.pem"], "identical")
  tap.equal(verdicts["8 files/ca/config/ca.json"], "identical")
  tap.equal(verdicts["9 evidence/check.json"], "not again")
end)

--- One member doctored by a replacement, and what is different then.
local function edited(page, member, from, to)
  local done
  local report = replayed(function(number, name, bytes)
    if number ~= page or name ~= member then return nil end
    local text, count = bytes:gsub(from, to)
    done = count > 0
    return text
  end)
  tap.equal(done, true, "doctored")
  tap.equal(report.faithful, false)
  return different(report), report
end

tap.test("configuration that the words do not make is named by member", function()
  tap.equal(edited(8, "files/ca/config/ca.json", '"%*%.local%.example%.com"', '"*.evil.example"'),
    "8 files/ca/config/ca.json: authority.policy.x509.allow.dns[0], authority.policy.x509.allow.dns[0]")
  tap.equal(edited(8, "files/ca/config/ca.json", "$", "\n"), "8 files/ca/config/ca.json: layout")
  tap.equal(edited(1, "files/ca/config/ca.json", '":443"', '":444"'),
    "1 files/ca/config/ca.json: address\n7 files/ca/config/ca.json: address") -- page 7 goes on from it
  tap.equal(edited(3, "files/ca/config/defaults.json", '"fingerprint": "..', '"fingerprint": "zz'),
    "3 files/ca/config/defaults.json: fingerprint")
end)

tap.test("a template that is not the one that made it is named by field", function()
  local found = edited(0, "script/rsa_intermediate_ca.tpl", '"maxPathLen": 0', '"maxPathLen": 1')
  tap.equal(found:find("4 evidence/intermediate-request.csr: ", 1, true) ~= nil, true, found)
  tap.equal(found:find("5 evidence/intermediate-certificate.crt: path_length, ", 1, true) ~= nil, true, found)
  tap.equal(found:find("5 evidence/intermediate-certificate.json: basicConstraints.maxPathLen", 1, true) ~= nil, true,
    found)
end)

tap.test("a script that gives another plan is named by member of the plan", function()
  local found, report = edited(0, "script/ca.lua", '"10%.0%.0%.0/24"', '"10.0.0.0/8"')
  tap.equal(found, "")
  tap.equal(report.plan.verdict, "different")
  local paths = {}
  for index, one in ipairs(report.plan.differences) do paths[index] = one.path end
  tap.equal(table.concat(paths, " "):find("steps[7].words[0].options.allow.ip[0]", 1, true) ~= nil, true,
    table.concat(paths, " "))
  local _, broken = edited(0, "script/ca.lua", "ceremony", "ceremonie")
  tap.equal(broken.plan.verdict, "different")
  tap.equal(broken.plan.why:find('"ceremonie"', 1, true) ~= nil, true, broken.plan.why)
end)

tap.test("dates and numbers of the record are those that are made again", function()
  local found = different(replayed(nil, function(number, page)
    for _, output in ipairs(number == 5 and page.outputs or {}) do
      if output.kind == "crl" then output.number = 7 end
      if output.kind == "certificate" then output.serial = "0123" end
    end
  end))
  tap.equal(found, "5 evidence/intermediate-certificate.crt: serial\n"
    .. "5 evidence/root-revocation-list.crl: number, extensions[1].text")
end)

tap.test("a page that sets or removes what its words do not", function()
  local found = different(replayed(nil, function(number, page)
    if number == 2 then table.remove(page.removed, 1) end
    if number == 8 then page.removed[1] = { path = "ca/config/ca.json" } end
    if number == 8 then page.changed[1].mode = "0600" end
  end))
  tap.equal(found, "2 ca/certs/intermediate_ca.crt (removed): the page does not remove it, and its words do\n"
    .. "8 ca/config/ca.json (removed): the page removes it, and none of its words does\n"
    .. "8 files/ca/config/ca.json (mode): mode")
end)

tap.test("every word of a script is replayed, or says that it cannot be", function()
  local remade = require "remade"
  for _, verb in ipairs(require "words".names()) do tap.equal(type(remade[verb]), "function", verb) end
end)

tap.test("another copy than the one that was verified, a key of nothing here", function()
  tap.raises("somebody changed it", replay.run, { record = folder, head = ("0"):rep(64) })
  local secret = host.secret.random()
  local path = scratch.folder .. "/other.key"
  host.key.write(path, host.key.generate "P-256", secret)
  host.room.secret = function() return secret end
  tap.raises("is the key of nothing that was signed", replay.run,
    { record = folder, head = open(folder, false):head(), root_key = path })
end)

tap.done()

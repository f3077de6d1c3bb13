--- A station and a record, asked before anything irreversible is done at them.

local host = require "host"
local scratch = require "scratch"
local tap = require "tap"

local function shell(command)
  assert(os.execute(("cd '%s' && { %s; }"):format(scratch.folder, command)), command)
end

local function station()
  local secret = host.secret.random()
  local home, authority = scratch.folder .. "/home", scratch.folder .. "/authority"
  host.seal.enrol { folder = home, name = "Ann", station = "ca", rehearsal = false, secret = secret,
    now = host.clock.seconds() }
  shell "mkdir -p authority/certs && ln -s ../home authority/publish"
  return host.station.open { name = "ca", home = home, authority = authority, secret = secret,
    keeper = host.home.open(home) }
end

tap.test("whether a station is ready for the paths of a step", function()
  local at = station()
  at:ready { "certs/new.crt", "certs/", "config/", "config/ca.json" }
  at:ready {}
  tap.raises("authority/publish: not a folder, and links are not followed", at.ready, at,
    { "certs/new.crt", "publish/root.crl" })
  tap.raises("publish: is a symbolic link", at.ready, at, { "publish/" })
  tap.raises("must have paths in it", at.ready, at, { "certs/x", 1 })
  tap.raises("table expected", at.ready, at, "certs/x")
end)

tap.test("what lies in staging for a page that was never begun", function()
  local record = host.record.open(scratch.folder .. "/record", true)
  tap.equal(record:can_stage(0, "root.crt"), true)
  record:stage(0, "root.crt", "signed")
  tap.raises("000000/root+2ecrt: is there already", record.can_stage, record, 0, "root.crt")
  tap.equal(record:discard_staged(0), 1)
  tap.equal(record:discard_staged(0), 0)
  tap.equal(record:staged(0, "root.crt"), nil)
  tap.equal(record:can_stage(0, "root.crt"), true)
end)

tap.done()

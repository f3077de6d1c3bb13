--- What the commands call: agenda, check, and so on. Each takes a table of options from the host.

local agenda = require "agenda"
local approvals = require "approvals"
local asking = require "asking"
local host = require "host"
local opening = require "opening"
local kinds = require "options"
local media = require "media"
local plan = require "plan"
local preview = require "preview"
local rehearse = require "rehearse"
local renew = require "renew"
local replay = require "replay"
local resume = require "resume"
local walk = require "walk"

local main = {}

function main.agenda(options)
  return agenda.print((plan.load(options.script)), options.form)
end

function main.rehearse(options)
  local made, source = plan.load(options.script)
  options.room = host.room
  rehearse.walk(options, made, source)
end

--- The station's sealing key, with three tries at its password.
local function open_station(options, home, room, secrets)
  for attempt = 1, 3 do
    local secret = room.secret("seal", "Password of this station's sealing key", false, attempt)
    local fine, at = pcall(host.station.open, { name = options.station, home = options.home,
      authority = options.authority, secret = secret, keeper = home })
    if fine then
      secrets.seal = secret
      return at
    end
    if type(at) ~= "table" or not at.wrong_password then error(at, 0) end
    if attempt < 3 then room.say(("That is not the password (try %d of 3)."):format(attempt)) end
  end
  return error("three wrong passwords for the sealing key; nothing was done. Find the right one, and run the same "
    .. "command again", 0)
end

function main.run(options)
  local made, source = plan.load(options.script)
  opening.station(made, options.station)
  opening.passwords(made, options.given)
  opening.folders(options)
  local backups = media.read(made, options)
  if not host.file.is_folder(options.media) then
    error(("--media %s: is no folder; put the medium in, and run the same command again"):format(options.media), 0)
  end
  local home = host.home.open(options.home)
  local room = asking.open(host.room)
  local record = host.record.open(options.record, true)
  host.file.make_folder(options.authority)
  home:lock(options.authority)
  local secrets = {}
  local self = {
    plan = made, source = source, templates = source.templates, station = options.station, rehearsal = false,
    unattended = options.unattended, aborting = options.abort, replacing = options.replace,
    revoking = options.revoke, media = options.media, backups = backups,
    authority = host.file.real(options.authority),
    room = room, home = home, record = record, secrets = secrets,
    enrol = options.enrol, approvals = options.approvals,
    rehearsal_record = options.rehearsal, previous = options.previous,
    previous_head = options.previous_head, register_record = options.register,
    doctor = options.doctor,
  }
  room.enter(opening.before(self))
  local open, station = pcall(open_station, options, home, room, secrets)
  if not open then
    if type(station) == "table" and station.why then pcall(resume.stopped_early, self, station.stop, station.why) end
    error(station, 0)
  end
  self.at = station
  walk.session(self)
end

--- A person's name from the command line, held to the rule for names in a script.
function main.person(given)
  local fine, fault = pcall(kinds.person, given.name)
  if not fine then error(("%s %s"):format(given.what, fault.rule), 0) end
end

main.renew = renew.script
main.replay = replay.run
function main.approve(options) return approvals.text(options) end

main.template = preview.render
main.check = preview.check

return main

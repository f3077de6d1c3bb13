--- A rehearsal: all stations in one go, with a throw-away root, throw-away keys, people and passwords, and every
--- line, page and name marked. It never sees the media, so that it cannot meet a real key.

local asking = require "asking"
local host = require "host"
local media = require "media"
local props = require "props"
local standin = require "standin"
local walk = require "walk"
local witnesses = require "witnesses"

local rehearse = {}

local MARK = "REHEARSAL "

--- A room in which every line is marked and passwords are made up. Unattended, what no answers file answers is
--- answered as the script hopes.
local function marked_room(room, unattended)
  local marked = {}
  function marked.say(text) room.say(text == "" and "" or MARK .. text:gsub("\n", "\n" .. MARK)) end
  function marked.ask(id, question)
    if unattended and not room.has_answer(id) then
      local answer = (id:find "%.compare%." or id:find "%.attest%.") and "yes"
        or "Rehearsal " .. id:gsub("^start%.", ""):gsub("%.", " ")
      marked.say(question .. " " .. answer)
      return answer
    end
    return room.ask(id, MARK .. question)
  end
  function marked.choose(id, question, choices)
    if unattended and not room.has_answer(id) then
      marked.say(question .. " " .. choices[1])
      return choices[1]
    end
    return room.choose(id, MARK .. question, choices)
  end
  marked.has_answer, marked.clear = room.has_answer, room.clear
  function marked.secret() return host.secret.random() end
  return marked
end

local function make_stations(made, work, now)
  local stations, certificates = {}, {}
  for _, station in ipairs(made.stations) do
    local folder = ("%s/%s"):format(work, station.name)
    host.file.make_folder(folder)
    host.file.make_folder(folder .. "/authority")
    local secrets = { seal = host.secret.random() }
    host.seal.enrol { folder = folder .. "/home", name = "Rehearsal " .. station.name, station = station.name,
      rehearsal = true, secret = secrets.seal, now = now }
    certificates[#certificates + 1] = folder .. "/home/seal.crt"
    stations[station.name] = { folder = folder, secrets = secrets }
  end
  return stations, certificates
end

--- Sealing keys for as many witnesses as any step wants; all certificates then.
local function cast_witnesses(made, shared, now, people)
  local certificates = table.move(shared.certificates, 1, #shared.certificates, 1, {})
  for index, name in ipairs(witnesses.needed(made, people)) do
    local folder = ("%s/witness-%d"):format(shared.work, index)
    local one = { folder = folder, secret = host.secret.random() }
    host.seal.enrol { folder = folder, name = name, rehearsal = true, secret = one.secret, now = now }
    certificates[#certificates + 1] = folder .. "/seal.crt"
    shared.witnesses[index] = one
  end
  return certificates
end

--- The newest page, sealed by as many of them as it waits for.
local function seal_as_witnesses(shared, record)
  for index = 1, record:waits() do
    local one = shared.witnesses[index]
    record:witness(one.folder, one.secret)
  end
end

--- One session of one station; gives the station whose turn it is next.
local function session(options, made, source, station, shared)
  local own = shared.stations[station]
  local home = host.home.open(own.folder .. "/home")
  local record = host.record.open(options.record, true)
  for name, secret in pairs(shared.secrets) do own.secrets[name] = secret end
  local at = host.station.open { name = station, home = own.folder .. "/home", authority = own.folder .. "/authority",
    secret = own.secrets.seal, keeper = home }
  local next_station = walk.session {
    plan = made, source = source, templates = source.templates, station = station, rehearsal = true,
    authority = host.file.real(own.folder .. "/authority"), media = shared.media, backups = shared.backups,
    room = shared.room, home = home, at = at, record = record, secrets = own.secrets, enrol = shared.certificates,
    unattended = options.unattended,
    cast_witnesses = function(people) return cast_witnesses(made, shared, host.clock.seconds(), people) end,
    witnesses = function() seal_as_witnesses(shared, record) end,
  }
  record:close()
  home:close()
  return next_station
end

--- A rehearsal that ends early leaves its record, for whoever wants to see how far it went, and nothing else.
local function what_remains(options, problem)
  local text = type(problem) == "table" and (problem.stop or problem.message) or tostring(problem)
  local record = options.record
  if not host.file.exists(record) or #host.file.list(record) == 0 then
    return text .. "\nThe rehearsal ends here; nothing of it remains."
  end
  return ("%s\nThe rehearsal ends here; what remains is its record, %s. Remove it, or name another folder, and begin "
    .. "anew."):format(text, record)
end

--- What nobody typed here, and will on the day.
local function unpractised(made)
  local list = { "typing passwords" }
  for _, step in ipairs(made.steps) do
    if step.witnessed_by then list.seals = "witnesses sealing with keys of their own (verger witness)" end
    for _, word in ipairs(step.words) do
      if word.options and word.options.by == "custodians" then list.parts = "custodians typing their parts" end
    end
  end
  list[#list + 1] = list.parts
  list[#list + 1] = list.seals
  return table.concat(list, ", ")
end

local function say_end(options, made)
  local room = options.room
  room.say(("%sNot practised, as these were made up: %s, two words of the head at each hand-over."):format(MARK,
    unpractised(made)))
  room.say(("%sOn the day, the first command names this record:\n%s    verger run %s --station %s --rehearsal %s ...")
    :format(MARK, MARK, options.script, made.steps[1].station, options.record))
end

function rehearse.walk(options, made, source)
  local work = options.keep or options.record .. ".rehearsal"
  if host.file.exists(options.record) and #host.file.list(options.record) > 0 then
    error(options.record .. ": is not empty; a rehearsal makes a record of its own", 0)
  end
  host.file.make_new_folder(work)
  local now = host.clock.seconds()
  local inputs = work .. "/media"
  host.file.make_folder(inputs)
  local shared = { work = work, media = inputs, backups = media.rehearsed(made, work), secrets = {}, witnesses = {},
    room = asking.open(marked_room(options.room, options.unattended)) }
  local fine, problem = pcall(function()
    local root = props.lay(made, inputs, shared.secrets, now)
    shared.stations, shared.certificates = make_stations(made, work, now)
    for _, name in ipairs(standin.stations(made)) do
      local own = shared.stations[name]
      own.secrets.authority = standin.lay(own.folder .. "/authority", made, name, root, now, inputs)
    end
    local station = made.steps[1].station
    while station do station = session(options, made, source, station, shared) end
  end)
  if not options.keep or not fine then host.file.remove_folder(work) end
  if not fine then error(what_remains(options, problem), 0) end
  say_end(options, made)
end

return rehearse

--- Media that backups are put on: what the script calls them, and the folders that --backup gives for these names.

local host = require "host"
local nearest = require "nearest"

local media = {}

local function stop(text, ...) error({ stop = text:format(...) }, 0) end

--- The names of a plan's media, in the order of the script; of one station, or (nil) of all.
function media.names(made, station)
  local list, seen = {}, {}
  for _, step in ipairs(made.steps) do
    for _, word in ipairs(step.words) do
      local is_ours = word.verb == "backup" and (not station or step.station == station)
      for _, name in ipairs(is_ours and word.options.to or {}) do
        if not seen[name] then list[#list + 1] = name end
        seen[name] = true
      end
    end
  end
  return list
end

local function is_known(made, station, name)
  for _, known in ipairs(media.names(made, station)) do
    if known == name then return true end
  end
  return false
end

--- A key's copy lies neither with what is carried or read here, nor beside another copy or the key.
local function check_apart(name, folder, others)
  for _, other in ipairs(others) do
    if host.file.is_inside(folder, other.folder) or host.file.is_inside(other.folder, folder) then
      stop('--backup "%s=%s": lies in %s (%s), or that in it; a copy of a key goes to a medium of its own', name,
        folder, other.name, other.folder)
    end
  end
end

--- The folders by name, as --backup gives them ("NAME=DIR"), judged before anything is done.
function media.read(made, given)
  local folders, others = {}, {}
  for _, name in ipairs { "record", "home", "media", "authority" } do
    others[#others + 1] = { name = "--" .. name, folder = given[name] }
  end
  for _, one in ipairs(given.backups) do
    local name, folder = one:match "^(.-)=(.*)$"
    if not is_known(made, given.station, name) then
      stop('--backup: %s makes no backup to "%s" at %s%s', made.script.name, name, given.station,
        nearest.hint(name, media.names(made, given.station)))
    end
    if folders[name] then stop('--backup: "%s" is given twice', name) end
    if not host.file.is_folder(folder) then
      stop('--backup "%s=%s": is no folder; put the medium in, and run the same command again', name, folder)
    end
    check_apart(name, folder, others)
    folders[name] = host.file.real(folder)
    others[#others + 1] = { name = name, folder = folder }
  end
  return folders
end

--- The folder of a medium, for a step.
function media.folder(scene, name)
  return scene.walk.backups[name] or scene:stop('no folder was named for "%s"; put the medium in, and run the same '
    .. 'command again with --backup "%s=DIR"', name, name)
end

--- Throw-away folders in place of them, for a rehearsal.
function media.rehearsed(made, work)
  local folders = {}
  for index, name in ipairs(media.names(made)) do
    folders[name] = ("%s/backup-%d"):format(work, index)
    host.file.make_folder(folders[name])
  end
  return folders
end

return media

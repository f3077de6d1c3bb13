--- What `verger template` renders: a template with the data that step would hand it, and nothing from a script.

local asked = require "asked"
local host = require "host"
local leaf = require "leaf"
local template = require "template"

local preview = {}

--- .Insecure.User of "name=value" texts.
local function user_of(set)
  local user = {}
  for _, pair in ipairs(set) do
    local name, value = pair:match "^([^=]+)=(.*)$"
    if user[name] then error(("--set %s: was given twice"):format(name), 0) end
    user[name] = value
  end
  return user
end

--- {text, findings} of options {file, csr, set, names, as_step}.
function preview.render(options)
  local text = host.file.read(options.file)
  local request = host.request.read(host.file.read(options.csr), options.csr).json
  local data = template.data {
    subject = request.Subject, request = request, user = user_of(options.set), max_path_len = 0,
    sans = asked.sans(#options.names > 0 and options.names or asked.names(request)),
  }
  local fine, rendered, findings = pcall(function()
    return template.compile(text, options.file):render(data, { now = options.as_step and host.clock.now() or nil })
  end)
  if not fine then error(tostring(rendered), 0) end -- with its line and column
  for _, found in ipairs(findings) do
    found.place = ("%s:%d:%d"):format(options.file, found.line, found.column)
  end
  return { text = rendered, findings = findings }
end

--- The faults of the leaf templates of a tree on disk (leaf.lua). `folder` is the tree, `home` where its ca.json says
--- that it lies. A ca.json that cannot be read has none; that is told elsewhere.
function preview.check(options)
  local function read(path)
    local inside = path:sub(1, #options.home + 1) == options.home .. "/" and path:sub(#options.home + 1)
    local fine, text = pcall(host.file.read, host.file.real(inside and options.folder .. inside or path))
    return fine and text or nil
  end
  local fine, faults = pcall(function() return leaf.faults(host.file.read(options.config), read) end)
  return { findings = fine and faults or {} }
end

return preview

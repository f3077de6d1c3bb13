--- The scene of a step that is replayed: what the step's words may use comes from the record, as it was before the
--- step, and what they set is kept in hand. Nobody is asked, nothing is said, and no disk is touched.

local dates = require "dates"
local host = require "host"
local scene = require "scene"

local stage = setmetatable({}, { __index = scene })
stage.__index = stage

--- A page that only keeps what is set.
local function loose_page()
  local page = { files = {}, removed = {}, papers = {} }
  local function nothing() end
  page.say, page.folder, page.input, page.output, page.deviation = nothing, nothing, nothing, nothing, nothing
  function page:file(path, bytes, mode) self.files[path] = { bytes = bytes, mode = mode } end
  function page:pending(path) return self.files[path] and self.files[path].bytes end
  function page:remove(path) self.removed[path] = true end
  function page:evidence(name, bytes) self.papers["evidence/" .. name] = bytes end
  function page:outputs() return {} end -- luacheck: ignore self
  return page
end

--- `replayed`: {record, plan, templates, keys (by SPKI), files (STATION/path before the step), rehearsal}; `number` is
--- the page's.
function stage.open(replayed, number, step)
  local recorded = replayed.record:page(number)
  return setmetatable({
    replayed = replayed, number = number, step = step, recorded = recorded, plan = replayed.plan,
    record = replayed.record, page = loose_page(), rehearsal = recorded.rehearsal, keys = {}, made = {}, used = {},
    walk = { station = recorded.station, people = recorded.people, templates = replayed.templates },
  }, stage)
end

function stage:say() end -- luacheck: ignore self
function stage:say_digest() end -- luacheck: ignore self

function stage:seconds() return dates.seconds(self.recorded.started.utc) end

--- A public file of the station as it was before the step, or as the step has set it.
function stage:file(path)
  local known = self.page:pending(path) or self.replayed.files[self.walk.station .. "/" .. path]
  return known or self:stop("%s was not there before this step", path)
end

function stage:new_file(path, content, mode) self.page:file(path, content, mode) end

--- What the page itself holds for a public file.
function stage:kept(path)
  return self.record:member(self.number, self:member(path)) or self:stop("the page does not hold %s", path)
end

--- What the page itself holds as evidence.
function stage:paper(name)
  return self.record:member(self.number, "evidence/" .. name) or self:stop("the page does not hold %s", name)
end

--- An output of this page by its name, with its content.
function stage:output_of(name)
  for _, output in ipairs(self.recorded.outputs) do
    if output.name == name then
      if output.member then output.content = self.record:member(self.number, output.member) end
      return output
    end
  end
  return self:stop('the page made no "%s"', name)
end

--- What was on the media is what the page made of it.
function stage:media()
  for _, output in ipairs(self.recorded.outputs) do
    if output.kind == "certificate" and output.member then return self.record:member(self.number, output.member) end
  end
  return self:stop "the page holds no certificate"
end

--- The key of an issuer, if it was given.
function stage:key_of(issuer_pem)
  local facts = host.certificate.read(issuer_pem, "the issuer")
  local given = self.replayed.key
  if not given or given:spki() ~= facts.spki_sha256 then return nil end
  self.replayed.key_used = true
  return given
end

return stage

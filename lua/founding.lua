--- What `initialize` tells the authority that it makes, as `step ca init` would be told.

local founding = {}

--- Before the day the name is judged with the mark of a rehearsal, so that what can be run can be rehearsed.
function founding.options(word, scene)
  return {
    folder = scene and scene.authority or "/authority",
    name = scene and scene:mark(word.name) or "REHEARSAL " .. word.name,
    dns = word.options.dns, address = word.options.address, provisioner = word.options.provisioner,
    ca_url = word.options.ca_url, no_db = word.options.no_db, acme = word.options.acme,
    remote_management = word.options.remote_management,
  }
end

return founding

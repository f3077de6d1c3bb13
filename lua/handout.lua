--- What people hand out beside a revocation list: the list as DER (for the URL) and PEM, the root as DER and PEM, the
--- chain. And beside a certificate that nobody installs here.

local host = require "host"

local handout = {}

local function layout(word)
  local stem = word.options.url:match "([^/]+)$":gsub("%.crl$", "")
  return { folder = "publish/", list = ("publish/%s.crl"):format(stem), list_pem = ("publish/%s.crl.pem"):format(stem),
    root = "publish/root.pem", root_der = "publish/root.der", intermediate = "publish/intermediate.pem",
    bundle = "publish/bundle.pem" }
end

--- All paths that may be laid, sorted; the folder has "/" at its end.
function handout.paths(word)
  local paths = {}
  for _, path in pairs(layout(word)) do paths[#paths + 1] = path end
  table.sort(paths)
  return paths
end

--- Lay the files into the page of a scene; `der` is the list, `issuer` the artefact that signed it. Returns the member
--- that holds the list.
function handout.lay(word, scene, der, issuer)
  local place = layout(word)
  local function put(path, content) scene.page:file(path, content, 420) end
  scene.page:folder("publish", 493)
  put(place.list, der)
  put(place.list_pem, host.crl.pem(der))
  put(place.root, issuer.content)
  put(place.root_der, host.certificate.der(issuer.content))
  local signed = scene:signed_under(word.options.under)
  if signed then
    put(place.intermediate, signed.content)
    put(place.bundle, signed.content .. issuer.content)
  end
  return scene:member(place.list)
end

local function list_layout(word)
  local stem = "publish/" .. host.page.slug(word.name)
  return { folder = "publish/", der = stem .. ".crl", pem = stem .. ".crl.pem" }
end

--- The same of a list by itself.
function handout.list_paths(word)
  local place = list_layout(word)
  return { place.folder, place.der, place.pem }
end

--- A list by itself, as DER and PEM. Returns the member that holds it.
function handout.lay_list(word, scene, der)
  local place = list_layout(word)
  scene.page:folder("publish", 493)
  scene.page:file(place.der, der, 420)
  scene.page:file(place.pem, host.crl.pem(der), 420)
  return scene:member(place.der)
end

local function certificate_layout(word)
  local stem = "publish/" .. host.page.slug(word.name)
  return { folder = "publish/", pem = stem .. ".pem", der = stem .. ".der", chain = stem .. "-chain.pem" }
end

--- The same of a certificate by itself.
function handout.certificate_paths(word)
  local paths = {}
  for _, path in pairs(certificate_layout(word)) do paths[#paths + 1] = path end
  table.sort(paths)
  return paths
end

--- A certificate as PEM and DER, and with what is above it, nearest first; `above` are artefacts.
function handout.lay_certificate(word, scene, pem, above)
  local place, chain = certificate_layout(word), pem
  for _, one in ipairs(above) do chain = chain .. host.certificate.normal(one.content, one.name) end
  scene.page:folder("publish", 493)
  scene.page:file(place.pem, pem, 420)
  scene.page:file(place.der, host.certificate.der(pem), 420)
  scene.page:file(place.chain, chain, 420)
  return place
end

return handout

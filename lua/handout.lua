--- What people hand out beside a revocation list: the list as DER (for the URL) and PEM, the root as DER and PEM, the
--- chain.

local host = require "host"

local handout = {}

--- Lay the files into the page of a scene; `der` is the list, `issuer` the artefact that signed it. Returns the member
--- that holds the list.
function handout.lay(word, scene, der, issuer)
  local name = word.options.url:match "([^/]+)$"
  local stem = name:gsub("%.crl$", "")
  local function put(file, content) scene.page:file("publish/" .. file, content, 420) end
  scene.page:folder("publish", 493)
  put(stem .. ".crl", der)
  put(stem .. ".crl.pem", host.crl.pem(der))
  put("root.pem", issuer.content)
  put("root.der", host.certificate.der(issuer.content))
  local signed = scene:signed_under(word.options.under)
  if signed then
    put("intermediate.pem", signed.content)
    put("bundle.pem", signed.content .. issuer.content)
  end
  return scene:member("publish/" .. stem .. ".crl")
end

return handout

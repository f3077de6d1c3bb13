--- The leaf templates that verger writes into ca.json: step-ca's own default for the usages that are wanted, with the
--- one line that it lacks: the CDP, equal to the list's own IDP. Without it every leaf fails a check for "different
--- CRL scope" (RFC 5280 5.2.5, 6.3.3).

local base64 = require "template_base64"
local host = require "host"
local template = require "template"

local leaf = {}

local BEFORE = [=[
{
	"subject": {{ toJson .Subject }},
	"sans": {{ toJson .SANs }},
{{- if typeIs "*rsa.PublicKey" .Insecure.CR.PublicKey }}
	"keyUsage": ["keyEncipherment", "digitalSignature"],
{{- else }}
	"keyUsage": ["digitalSignature"],
{{- end }}
	"extKeyUsage": [%s]]=]
local POINTS = [=[,
	"crlDistributionPoints": [%s]]=]
local AFTER = "\n}"

local USAGES = { ["server"] = { "serverAuth" }, ["client"] = { "clientAuth" },
  ["server and client"] = { "serverAuth", "clientAuth" } }

--- What a leaf may be for; step-ca's default is the last.
leaf.purposes = { "server", "client", "server and client" }

--- Who holds such a certificate, in a sentence.
leaf.holders = { ["server"] = "servers", ["client"] = "clients", ["server and client"] = "servers and clients" }

--- The names of a purpose's extended key usages (RFC 5280 4.2.1.12).
function leaf.usages(purpose) return table.concat(USAGES[purpose], " and ") end

--- The template for a purpose; `url` is where the list is, or nil where there is none.
function leaf.template(purpose, url)
  local usages = {}
  for index, usage in ipairs(USAGES[purpose]) do usages[index] = host.json.encode(usage) end
  local points = url and POINTS:format(host.json.encode(url)) or ""
  return BEFORE:format(table.concat(usages, ", ")) .. points .. AFTER
end

--- The purpose of a template that verger wrote for this `url` (or nil), or none without: nil when it did not.
function leaf.purpose(text, url)
  for _, purpose in ipairs(leaf.purposes) do
    if text == leaf.template(purpose, nil) or url and text == leaf.template(purpose, url) then return purpose end
  end
  return nil
end

--- The members of ca.json that a provisioner's leaves follow.
local function at(index, member) return ("authority.provisioners.%d.%s"):format(index - 1, member) end

--- Give one provisioner of a ca.json (a text) the template for a purpose, or the same purpose as before (nil) with the
--- list's address; `earlier` is the address that it had before, if it did. Returns the text, or nil and what stands in
--- the way.
function leaf.set(text, index, purpose, earlier)
  local provisioner = host.config.get(text, "authority.provisioners")[index]
  local url = host.config.get(text, "crl.idpURL")
  local given = provisioner.options and provisioner.options.x509 or {}
  local before = given.template and (leaf.purpose(given.template, url) or leaf.purpose(given.template, earlier))
  if given.templateFile or given.template and not before then
    return nil, ("the provisioner %s has a template of its own"):format(provisioner.name)
  end
  purpose = purpose or before or "server and client"
  return host.config.set(text, at(index, "options.x509.template"), leaf.template(purpose, url))
end

--- A provisioner's template: inline, in base64, or in a file that `read` gives; nil where it has none.
local function text_of(given, read)
  if given.template and given.template ~= "" then
    return given.template:find "^%s*{" and given.template or base64.decode(given.template) or given.template
  end
  return given.templateFile and read(given.templateFile)
end

--- What step-ca finds out about the templates in a ca.json only when somebody asks for a certificate: findings as
--- host.config.check gives them. `read` gives a file by the path in ca.json, or nil.
function leaf.faults(text, read)
  local faults = {}
  for index, provisioner in ipairs(host.config.get(text, "authority.provisioners") or {}) do
    local given = provisioner.options and provisioner.options.x509 or {}
    local source = text_of(given, read)
    local fine, problem = pcall(template.compile, source or "", "template")
    if not fine then
      faults[#faults + 1] = { severity = "error", rule = "leaf_template_broken", clause = "Go text/template",
        place = "config/ca.json: " .. at(index, "options.x509.template"),
        text = ("%s; step-ca starts all the same, and answers 500 to everybody who asks for a certificate")
          :format(tostring(problem)) }
    end
  end
  return faults
end

return leaf

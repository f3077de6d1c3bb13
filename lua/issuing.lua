--- What a server's certificate is made of: the request's names, the template or, where the script names none, the one
--- that step-ca's own leaves have, and what ca.json says of policy and revocation list.

local asked = require "asked"
local host = require "host"
local leaf = require "leaf"
local profiles = require "profiles"

local issuing = {}

issuing.DEFAULT = "verger's own template for servers"

--- The template's text and its name for errors.
local function template_of(word, scene)
  local path = word.options.template
  if path then return scene:template(path), path end
  return leaf.template("server", host.config.get(scene:config(), "crl.idpURL")), issuing.DEFAULT
end

--- {json, taken, text, path, request, as_step} of a word: the same whenever it is asked.
function issuing.render(word, scene)
  local request = scene:artefact(word.options.request)
  local read = host.request.read(request.content, request.name).json
  local text, path = template_of(word, scene)
  local json, taken = profiles.render(text, path, { subject = read.Subject, request = read,
    sans = asked.sans(asked.names(read)), as_step = word.options.as_step })
  return { json = json, taken = taken, text = text, path = path, request = request, as_step = word.options.as_step,
    asked = asked.names(read) }
end

local LEFT = {
  { "keyUsage", "none" }, { "extKeyUsage", "none" }, { "sans", "none" }, { "crlDistributionPoints", "none" },
  { "issuingCertificateURL", "none" }, { "ocspServer", "none" }, { "policyIdentifiers", "none" },
  { "subjectKeyId", "made of the key (RFC 5280 4.2.1.2)" }, { "authorityKeyId", "the issuer's (RFC 5280 4.2.1.1)" },
  { "signatureAlgorithm", "that of the issuer's key" },
}

--- What stands in the template, and what was left to the default: two sentences.
function issuing.shown(rendered)
  local object, written, left = host.json.decode(rendered.json, rendered.path), { "subject" }, {}
  for _, one in ipairs(LEFT) do
    local name, default = table.unpack(one)
    if object[name] ~= nil then
      written[#written + 1] = name
    else
      left[#left + 1] = ("%s: %s"):format(name, default)
    end
  end
  return ("As %s has it: %s."):format(rendered.path, table.concat(written, ", ")),
    ("Left to the default: %s."):format(table.concat(left, "; "))
end

--- Two lists of names without their order; DNS names in any case. nil, or what is only in one of them.
local function difference(wanted, given)
  local only = {}
  for _, name in ipairs(wanted) do only[name:lower()] = "is not asked for" end
  for _, name in ipairs(given) do
    only[name:lower()] = not only[name:lower()] and "is asked for, and the script does not name it" or nil
  end
  local names = {}
  for name, why in pairs(only) do names[#names + 1] = ('"%s" %s'):format(name, why) end
  table.sort(names)
  return names[1]
end

--- The request is for the names that the people read in the script, and no other.
function issuing.check_names(word, scene, rendered)
  local wrong = difference(word.options.names, rendered.asked)
  if wrong then
    scene:stop("the %s is not the one that the script is for: %s", word.options.request, wrong)
  end
end

--- What the certificate will be called, by the policy of ca.json; each refusal names the name and the rule.
function issuing.check_policy(scene, names)
  local config = scene:config()
  if host.config.get(config, "authority.enableAdmin") then
    scene:stop("enableAdmin of ca.json is true: its policy lies in step-ca's database and not in this file; let "
      .. "step-ca issue it")
  end
  local judged = {}
  for _, one in ipairs(names) do
    local is_mark = scene.rehearsal and one.type == "cn"
    if not is_mark then judged[#judged + 1] = one end
  end
  local refused = host.policy.ask(config, host.json.array(judged))
  if refused then scene:stop("the policy of ca.json does not let it be issued: %s", refused) end
  scene:say("The policy of ca.json allows all of its names.")
end

--- Leaves name the list that their issuer makes (RFC 5280 4.2.1.13, 5.2.5).
function issuing.check_list(word, scene, urls)
  local config = scene:config()
  local list = host.config.get(config, "crl.enabled") and host.config.get(config, "crl.idpURL")
  if not list then return end
  for _, url in ipairs(urls) do
    if url == list then return end
  end
  scene:stop('the %s would name %s for its revocation, and the list is at %s (crl.idpURL of ca.json)', word.name,
    #urls > 0 and table.concat(urls, ", ") or "no place", list)
end

return issuing

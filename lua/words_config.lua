--- Words that change ca.json, and the one that judges the tree: revocation, policy, check.

local findings = require "findings"
local host = require "host"
local keyring = require "keyring"
local leaf = require "leaf"
local options = require "options"
local policies = require "policies"

local config = {}

local object = host.json.object

--- ":80" of "http://host/crl", ":8080" of "http://host:8080/crl": where step-ca must listen for plain http.
local function http_address(url)
  local port = url:match "^http://[^/%[]*:(%d+)/" or url:match "^http://%[[^%]]*%]:(%d+)/" or "80"
  return ":" .. port
end

--- Where it listens for plain http already, when that is not what followed from the address that the list had.
local function listens(text, earlier)
  local now = host.config.get(text, "insecureAddress")
  if not now or now == "" or earlier and now == http_address(earlier) then return nil end
  return now
end

--- Every provisioner gets the leaf template with the CDP, unless it has one of its own.
local function set_templates(text, url, scene, earlier)
  for index in ipairs(host.config.get(text, "authority.provisioners") or {}) do
    local changed, why = leaf.set(text, index, nil, earlier)
    if not changed then scene:say("%s; see that it names %s.", why:gsub("^%l", string.upper), url) end
    text = changed or text
  end
  return text
end

local DAY = "24h0m0s" -- step-ca's own

--- A Go duration as it is read aloud: "24h0m0s" is "24 hours".
local function spoken(duration) return (duration:gsub("^(%d+)h0m0s$", "%1 hours")) end

config.revocation = {
  options = {
    url = { kind = options.http_url, required = true },
    on_revoke = { kind = options.boolean },
    cache = { kind = options.duration },
    renew = { kind = options.duration },
    listen = { kind = options.address },
  },
  sentence = function(word)
    local given = word.options
    local when = given.on_revoke and ", made anew at each revocation" or ""
    return ("Set up revocation: the list of the authority is at %s, valid for %s, renewed every %s%s."):format(
      given.url, spoken(given.cache or DAY), given.renew and spoken(given.renew) or "two thirds of that", when)
  end,
  review = function(word, review)
    review:founded(word, "there is no ca.json to set it in")
    review:once(word, "revocation")
    local cache, renew = word.options.cache, word.options.renew
    if renew and host.config.longer(renew, cache or DAY) then
      review:fault(word, '"renew" must not be longer than "cache": step-ca does not start otherwise')
    end
    if review:option(word, "initialize", "no_db") then
      review:fault(word, "needs the database, and initialize was given no_db: step-ca does not start otherwise")
    end
  end,
  deed = function(word, scene)
    local given, text = word.options, scene:config()
    local crl = { { "enabled", true } }
    if given.on_revoke ~= nil then crl[#crl + 1] = { "generateOnRevoke", given.on_revoke } end
    crl[#crl + 1] = { "cacheDuration", given.cache or DAY }
    if given.renew then crl[#crl + 1] = { "renewPeriod", given.renew } end
    crl[#crl + 1] = { "idpURL", given.url }
    local earlier = host.config.get(text, "crl.idpURL")
    local listen = given.listen or listens(text, earlier) or http_address(given.url)
    text = host.config.set(text, "insecureAddress", listen)
    text = host.config.set(text, "crl", object(crl))
    text = set_templates(text, given.url, scene, earlier)
    scene:set_config(text)
    scene:say('ca.json: "crl" at the top level; "insecureAddress" %s, for plain http; each provisioner\'s leaf '
      .. "template names %s.", listen, given.url)
  end,
}

--- { dns = { "..." }, ip = { "..." } }, each entry one that step-ca starts with.
local function entries(value)
  local function broken(rule, ...) error({ rule = rule:format(...) }, 0) end
  if type(value) ~= "table" or not next(value) or value[1] ~= nil then
    broken 'must be a table such as { dns = { "*.example.com" } }'
  end
  local types = {}
  for _, name in ipairs(policies.types) do types[name] = { kind = options.texts } end
  options.check(types, value, function(rule) broken("%s", rule) end)
  for _, name in ipairs(policies.types) do
    for _, entry in ipairs(value[name] or {}) do
      local fine, fault = pcall(host.policy.check_entry, name, entry)
      if not fine then broken("has a wrong entry: %s", (tostring(fault):gsub("^policy: ", ""))) end
    end
  end
  return value
end

local function listed(word, side)
  local parts = {}
  for _, name in ipairs(policies.types) do
    for _, entry in ipairs(word.options[side] and word.options[side][name] or {}) do
      parts[#parts + 1] = name .. " " .. entry
    end
  end
  return #parts > 0 and table.concat(parts, ", ") or nil
end

--- The policy can be said in name constraints, the authority's own names are among what they permit, and there is a
--- certificate that they go into.
local function review_constraints(word, review)
  local fine, problem = pcall(policies.constraints, word.options, review:option(word, "initialize", "dns"))
  if not fine then return review:fault(word, '"constrain": ' .. tostring(problem):gsub("^policy: ", "")) end
  for request in review:words "request" do
    if request.station == word.station then return nil end
  end
  return review:fault(word, '"constrain": nothing is requested at this station whose certificate could say it')
end

--- What the certificate itself says, where the policy is to be in it.
local function constrains(word)
  if not word.options.constrain then return "" end
  return (" The authority's certificate says it too, in critical name constraints: %s."):format(
    policies.spoken(policies.constraints(word.options)))
end

config.policy = {
  options = {
    allow = { kind = entries },
    deny = { kind = entries },
    wildcards = { kind = options.boolean },
    constrain = { kind = options.boolean },
  },
  sentence = function(word)
    local allow, deny = listed(word, "allow"), listed(word, "deny")
    return ("Set the policy: certificates for %s%s; wildcard names %s.%s"):format(
      allow and (allow .. " only") or "every name", deny and (", and never for " .. deny) or "",
      word.options.wildcards and "are allowed" or "are refused", constrains(word))
  end,
  review = function(word, review)
    review:founded(word, "there is no ca.json to set it in")
    review:once(word, "policy")
    if review:option(word, "initialize", "remote_management") then
      review:fault(word, "step-ca ignores a policy in ca.json under remote_management; leave it out, and set it after "
        .. 'the first start with "step ca policy authority x509 allow dns NAME" (and "step" among the names)')
    end
    if not word.options.allow and not word.options.deny then
      review:fault(word, 'wants "allow" or "deny": without an entry step-ca allows every name')
    elseif word.options.constrain then
      review_constraints(word, review)
    end
  end,
  deed = function(word, scene)
    local text = scene:config()
    if host.config.get(text, "authority.enableAdmin") == true then
      scene:stop('"enableAdmin" is true in ca.json, so that step-ca ignores a policy there; use "step ca policy"')
    end
    local value = policies.object(word.options)
    host.policy.check(value)
    scene:set_config(host.config.get(text, "authority.policy") and host.config.set(text, "authority.policy.x509",
      value[1][2]) or host.config.set(text, "authority.policy", value))
    scene:say('ca.json: "policy" inside "authority", the only place where step-ca looks for it.')
  end,
}

config.check = {
  name = options.one_of "the authority",
  sentence = function()
    return "Check that step-ca will start on this tree and that what it signs will verify: chain, dates, keys, "
      .. "key usage, revocation, policy, addresses, unknown or misplaced members."
  end,
  minutes = 2,
  review = function(word, review)
    if not review:follows(word, "adopt") then
      review:after(word, "install", "there is no whole tree to check")
    end
  end,
  deed = function(_, scene)
    local list = findings.of(scene, scene.authority, keyring.secret(scene))
    findings.say(scene, list)
    local count, first = findings.errors(list)
    if count > 0 then scene:stop("the authority would not work as it is: %s", first) end
    scene:evidence("check.json", host.json.encode(findings.encode(list)))
    scene:say("Nothing was found that keeps step-ca from starting on this tree; remarks: %d.", #list)
    if not scene.rehearsal then
      scene:say("It is started with: step-ca %s/config/ca.json --password-file FILE", scene.authority)
    end
  end,
}

return config

--- Words about the certificates that a provisioner gives out: leaf (what they are for), claims (how long they live).

local host = require "host"
local leaf = require "leaf"
local nearest = require "nearest"
local options = require "options"
local quote = require "quote"

local words = {}

--- What step-ca takes when ca.json does not say (facts: its claims).
local SHORTEST, USUAL, LONGEST = "5m0s", "24h0m0s", "24h0m0s"

--- The provisioners that initialize makes at the word's station.
local function provisioners(word, review)
  local names = { review:option(word, "initialize", "provisioner") }
  if review:option(word, "initialize", "acme") then names[#names + 1] = "acme" end
  return names
end

local function review_provisioner(word, review)
  review:founded(word, "there is no ca.json to set it in")
  local names, given = provisioners(word, review), word.options.provisioner
  local known = false
  for _, name in ipairs(names) do known = known or name == given end
  if given and #names > 0 and not known then
    review:fault(word, ("there is no provisioner %s%s"):format(quote(given), nearest.hint(given, names)))
  end
  for other in review:words(word.verb) do
    if other.index < word.index and other.station == word.station and other.options.provisioner == given then
      review:fault(word, ("is said once for a provisioner; it stands on line %d already"):format(other.line))
    end
  end
end

--- The place of a provisioner in ca.json, by its name.
local function index_of(scene, text, name)
  local found
  for index, provisioner in ipairs(host.config.get(text, "authority.provisioners") or {}) do
    if provisioner.name == name and found then
      scene:stop("ca.json has two provisioners of the name %s; give one another name", name)
    end
    found = provisioner.name == name and index or found
  end
  if not found then scene:stop("ca.json has no provisioner %s", name) end
  return found
end

words.leaf = {
  name = options.one_of(table.unpack(leaf.purposes)),
  options = { provisioner = { kind = options.text, required = true } },
  sentence = function(word)
    return ("Let the provisioner %s give out certificates for %s (%s)."):format(word.options.provisioner,
      leaf.holders[word.name], leaf.usages(word.name))
  end,
  review = review_provisioner,
  deed = function(word, scene)
    local text = scene:config()
    local index = index_of(scene, text, word.options.provisioner)
    local changed, why = leaf.set(text, index, word.name)
    if not changed then scene:stop("%s; take it out, or leave this word out of the script", why) end
    scene:set_config(changed)
    scene:say("ca.json: the template of the provisioner %s asks for %s.", word.options.provisioner,
      leaf.usages(word.name))
  end,
}

--- "2160h0m0s (90 days)".
local function with_days(duration)
  local hours = math.tointeger(duration:match "^(%d+)h0m0s$")
  if not hours or hours % 24 ~= 0 or hours <= 24 then return duration end
  return ("%s (%d days)"):format(duration, hours // 24)
end

local CLAIMS = { { "min", "minTLSCertDuration" }, { "max", "maxTLSCertDuration" },
  { "default", "defaultTLSCertDuration" } }

words.claims = {
  options = {
    provisioner = { kind = options.text, required = true },
    min = { kind = options.duration },
    max = { kind = options.duration },
    default = { kind = options.duration },
  },
  sentence = function(word)
    local given = word.options
    return ("Let certificates of the provisioner %s live for %s when nothing else is asked, %s at most and %s at "
      .. "least."):format(given.provisioner, with_days(given.default or USUAL), with_days(given.max or LONGEST),
      with_days(given.min or SHORTEST))
  end,
  review = function(word, review)
    local given = word.options
    review_provisioner(word, review)
    if not given.min and not given.max and not given.default then
      review:fault(word, 'wants "min", "max" or "default"')
    end
    local least, usual, most = given.min or SHORTEST, given.default or USUAL, given.max or LONGEST
    if host.config.longer(least, usual) or host.config.longer(usual, most) then
      review:fault(word, ('"min" (%s), "default" (%s) and "max" (%s) must be in this order, what is not given as '
        .. "step-ca has it; step-ca does not start otherwise"):format(least, usual, most))
    end
  end,
  deed = function(word, scene)
    local text = scene:config()
    local index = index_of(scene, text, word.options.provisioner)
    for _, claim in ipairs(CLAIMS) do
      local value = word.options[claim[1]]
      local place = ("authority.provisioners.%d.claims.%s"):format(index - 1, claim[2])
      if value then text = host.config.set(text, place, value) end
    end
    scene:set_config(text)
    scene:say("ca.json: the claims of the provisioner %s. step-ca answers 403 to whoever asks for longer than %s.",
      word.options.provisioner, with_days(word.options.max or LONGEST))
  end,
}

return words

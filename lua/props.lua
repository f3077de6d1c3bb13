--- What lies on the media of a rehearsal: throw-away keys, certificates and requests, as the files that the script will
--- ask for. All of them say what they are.

local asked = require "asked"
local custodians = require "custodians"
local host = require "host"
local lists = require "lists"

local props = {}

local MARK = "REHEARSAL "
local TWENTY_YEARS = 20 * 365 * 86400

--- Every word of a verb.
local function each(made, verb)
  return coroutine.wrap(function()
    for _, step in ipairs(made.steps) do
      for _, word in ipairs(step.words) do
        if word.verb == verb then coroutine.yield(word) end
      end
    end
  end)
end

--- Whether a word of that verb has an option with this value.
local function any(made, verb, option, value)
  for word in each(made, verb) do
    if word.options[option] == value then return true end
  end
  return false
end

local function generated(made, name)
  for word in each(made, "generate") do
    if word.name == name then return true end
  end
  return false
end

--- A CA that signs itself: {pem, key}.
local function authority(kind, name, now)
  local key = host.key.generate(kind)
  return { key = key, pem = host.certificate.make_ca({ country = "XX", organization = "REHEARSAL",
    name = MARK .. name, path_length = -1, not_before = now, not_after = now + TWENTY_YEARS - 1 }, key) }
end

--- A CA below the root, for a script that revokes one.
local function below(root, now)
  return host.certificate.make_ca({ country = "XX", organization = "REHEARSAL", name = MARK .. "Intermediate CA",
    path_length = 0, not_before = now, not_after = now + TWENTY_YEARS // 2 }, host.key.generate "P-256", root.pem,
    root.key)
end

local function revoked(made, name)
  for word in each(made, "publish") do
    for _, needed in ipairs(lists.needs(word)) do
      if needed[1] == name then return true end
    end
  end
  return false
end

--- A root of the kind that most are, one more CA where a script has one cross-signed, one below where it revokes one.
local function lay_certificates(made, put, root, now)
  for word in each(made, "import") do put(word, root.pem) end
  for word in each(made, "receive_certificate") do
    local crossed = any(made, "cross_sign", "certificate", word.name)
    put(word, crossed and authority("P-256", "Other CA", now).pem or revoked(made, word.name) and below(root, now)
      or root.pem)
  end
end

--- What a request asks for: a CA, or the names that the script has for a server.
local function wanted(made, word)
  for issue in each(made, "issue") do
    if issue.options.request == word.name then
      return { subject = { commonName = MARK .. "server" }, sans = asked.sans(issue.options.names) }
    end
  end
  return { subject = { commonName = MARK .. "Other CA" }, keyUsage = { "certSign", "crlSign" },
    basicConstraints = { isCA = true, maxPathLen = 0 } }
end

local function lay_requests(made, put)
  for word in each(made, "receive_request") do
    put(word, host.request.create(host.key.generate "P-256", host.json.encode(wanted(made, word)), word.name))
  end
end

--- Lay them into a folder. `secrets` get the keys' passwords, by the names of the words that unlock them. Returns the
--- root: {pem, key}.
function props.lay(made, folder, secrets, now)
  local root, there = authority("RSA-3072", "Root CA", now), {}
  local function put(word, content)
    if not there[word.options.from] then host.file.write(folder .. "/" .. word.options.from, content) end
    there[word.options.from] = true
  end
  lay_certificates(made, put, root, now)
  lay_requests(made, put)
  for word in each(made, "publish_fallback") do
    if word.options.serials then host.file.write(folder .. "/" .. word.options.serials, "0142\n") end
  end
  lists.lay(made, folder, function(name) return name ~= "intermediate certificate" end, root.pem, root.key, now)
  for word in each(made, "unlock") do
    local from = word.options.from
    if from ~= "the authority" and not generated(made, word.name) and not there[from] then
      secrets[word.name] = secrets[word.name] or custodians.rehearsed(word, secrets) or host.secret.random()
      host.key.write(folder .. "/" .. from, root.key, secrets[word.name])
      there[from] = true
    end
  end
  return root
end

return props

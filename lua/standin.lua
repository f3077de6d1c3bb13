--- A throw-away authority, for the rehearsal of a script that takes one over: what lies there on the day is never
--- touched by a rehearsal.

local dates = require "dates"
local host = require "host"
local lists = require "lists"
local profiles = require "profiles"

local standin = {}

local LIST = "http://ca.example.com/crl"
local TEN_YEARS = 10 * 365 * 86400

--- The first word of a verb at a station that `wanted` takes.
local function find(made, station, verb, wanted)
  for _, step in ipairs(made.steps) do
    for _, word in ipairs(step.words) do
      if word.verb == verb and step.station == station and (not wanted or wanted(word)) then return word end
    end
  end
  return nil
end

--- The stations of a plan at which an authority is taken over.
function standin.stations(made)
  local list = {}
  for _, station in ipairs(made.stations) do
    if find(made, station.name, "adopt") then list[#list + 1] = station.name end
  end
  return list
end

--- The name of the intermediate: that which the script asks for anew with the same key, if it does.
local function subject(made, station)
  local request = find(made, station, "request", function(word) return word.options.key == "intermediate key" end)
  return profiles.marked(request and request.options.subject or { commonName = "Intermediate CA" })
end

--- The first provisioner has the name that the script knows.
local function provisioner(made, station)
  local word = find(made, station, "claims") or find(made, station, "leaf")
  return word and word.options.provisioner or "admin@example.com"
end

local function certificate(key, root, name, now)
  local json = host.json.encode { subject = name, keyUsage = { "certSign", "crlSign" },
    basicConstraints = { isCA = true, maxPathLen = 0 } }
  return host.certificate.draft {
    profile = json, template = "the stand-in", request = host.request.create(key, json, "the stand-in"),
    issuer = root.pem, key = root.key, serial = host.certificate.serial(), begins = dates.text(now),
    ends = dates.text(now + TEN_YEARS),
  }:sign()
end

--- Lay one into an empty folder, and its revocation list onto the media where the script wants it. `root` is
--- {pem, key}; the password of its key is returned.
function standin.lay(folder, made, station, root, now, media)
  local key, secret = host.key.generate "P-256", host.secret.random()
  local options = { folder = host.file.real(folder), name = "REHEARSAL", dns = { "ca.example.com" }, address = ":443",
    provisioner = provisioner(made, station) }
  for _, name in ipairs { "certs", "config", "db", "secrets", "templates" } do
    host.file.make_folder(folder .. "/" .. name)
  end
  local function put(path, text) host.file.write(folder .. "/" .. path, text) end
  put("certs/root_ca.crt", root.pem)
  local pem = certificate(key, root, subject(made, station), now)
  put("certs/intermediate_ca.crt", pem)
  lists.lay(made, media, function(name) return name == "intermediate certificate" end, pem, key, now, LIST)
  local text = host.config.ca_json(options, host.jose.provisioner(host.secret.random()))
  if find(made, station, "publish_fallback") then
    text = host.config.set(text, "crl", host.json.object { { "enabled", true }, { "idpURL", LIST } })
  end
  put("config/ca.json", text)
  put("config/defaults.json", host.config.defaults_json(options,
    host.certificate.read(root.pem, "the throw-away root").sha256))
  host.key.write(folder .. "/secrets/intermediate_ca_key", key, secret)
  return secret
end

return standin

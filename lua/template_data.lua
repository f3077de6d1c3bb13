-- What step hands to a template: .Subject, .SANs, .Insecure.CR, .Insecure.User, .Token, .MaxPathLen, with Go's names,
-- types and JSON (K:x509util). Inputs are tables as they come out of JSON.
local base64 = require "template_base64"
local call = require "template_call"
local problem = require "template_problem"
local values = require "template_values"

local data = {}

-- Small parts ----------------------------------------------------------------------------------------------------

-- A list of strings of a named type; JSON gives one string or several. Absent is nil in Go, null in JSON.
local function multi(v, go_type)
  if v == nil then return values.nil_list(go_type or "x509util.MultiString") end
  if type(v) == "string" then v = { v } end
  return values.strings(v, go_type or "x509util.MultiString")
end

-- An OID prints as numbers and is a string in JSON.
local function oid(text)
  local arcs = {}
  for arc in string.gmatch(text, "%d+") do arcs[#arcs + 1] = math.tointeger(tonumber(arc)) end
  return values.list(arcs, "x509util.ObjectIdentifier", #arcs, function() return text end)
end

local function struct_list(items, go_type)
  if not items or #items == 0 then return values.nil_list(go_type) end
  return values.list(items, go_type)
end

local MULTI = {
  { "Country", "country" }, { "Organization", "organization" }, { "OrganizationalUnit", "organizationalUnit" },
  { "Locality", "locality" }, { "Province", "province" }, { "StreetAddress", "streetAddress" },
  { "PostalCode", "postalCode" },
}

-- The Subject struct of a table in step's JSON members, or of a string, which is its common name.
function data.subject(subject)
  if type(subject) == "string" then subject = { commonName = subject } end
  subject = subject or {}
  local fields = { type = "x509util.Subject" }
  for i, names in ipairs(MULTI) do
    fields[i] = { names[1], multi(subject[names[2]]), json = names[2], omit = true }
  end
  local extra = {}
  for i, name in ipairs(subject.extraNames or {}) do
    extra[i] = values.struct {
      type = "x509util.DistinguishedName",
      { "Type", oid(name.type), json = "type" }, { "Value", name.value, json = "value" },
    }
  end
  fields[8] = { "SerialNumber", subject.serialNumber or "", json = "serialNumber", omit = true }
  fields[9] = { "CommonName", subject.commonName or "", json = "commonName", omit = true }
  fields[10] = { "ExtraNames", struct_list(extra, "[]x509util.DistinguishedName"), json = "extraNames", omit = true }
  return values.struct(fields)
end

-- One of .SANs: type dns, ip, email, uri, ...
local function san(name)
  return values.struct {
    type = "x509util.SubjectAlternativeName",
    { "Type", name.type or "", json = "type" }, { "Value", name.value or "", json = "value" },
    { "ASN1Value", values.nil_list "json.RawMessage", json = "asn1Value", omit = true },
  }
end

local function sans(names)
  if not names then return values.nil_list "[]x509util.SubjectAlternativeName" end
  local list = {}
  for i, name in ipairs(names) do list[i] = san(name) end
  return values.list(list, "[]x509util.SubjectAlternativeName")
end

-- The request ----------------------------------------------------------------------------------------------------

-- "RSA-3072", "P-256", "Ed25519" as the key types that templates ask for with typeIs.
local function public_key(kind)
  local bits = string.match(kind, "^RSA%-(%d+)$")
  if bits then
    local size = (math.tointeger(tonumber(bits)) + 7) // 8
    local method = call.declare("Size", { "-> int", function() return size end })
    return values.typed("*rsa.PublicKey", { { "E", 65537 }, methods = { Size = method } })
  end
  local curve = string.match(kind, "^P%-(%d+)$")
  if curve then
    local params = values.typed("*elliptic.CurveParams",
      { { "Name", kind }, { "BitSize", math.tointeger(tonumber(curve)) } })
    local method = call.declare("Params", { "-> any", function() return params end })
    local curve_value = values.typed("elliptic.Curve", { methods = { Params = method } })
    return values.typed("*ecdsa.PublicKey", { { "Curve", curve_value }, methods = { Params = method } })
  end
  if string.lower(kind) == "ed25519" then return values.typed("ed25519.PublicKey", { kind = "slice" }) end
  return problem.raise("the public key kind %q is not known", kind)
end

local ALGORITHMS = { R = { 1, "RSA" }, P = { 3, "ECDSA" }, E = { 4, "Ed25519" } }

local function public_key_algorithm(kind)
  local known = ALGORITHMS[string.upper(string.sub(kind, 1, 1))] or { 0, "0" }
  return values.scalar("x509.PublicKeyAlgorithm", "int", known[1], known[2])
end

local PRINTS_ITSELF = { String = call.declare("String", { "-> string", function(v) return v.text end }) }

local function ip(text)
  return values.text("net.IP", "slice", text, { methods = PRINTS_ITSELF })
end

-- As a member of .URIs its JSON is its text; alone it would be Go's struct, which nobody wants.
local function url(text)
  local scheme, rest = string.match(text, "^(%a[%w+.-]*):(.*)$")
  local body, fragment = string.match(rest or text, "^([^#]*)#?(.*)$")
  local hierarchy, query = string.match(body, "^([^?]*)%??(.*)$")
  local host, path = string.match(hierarchy, "^//([^/]*)(.*)$")
  local opaque = scheme and not host and string.sub(hierarchy, 1, 1) ~= "/"
  local parts = {
    Scheme = scheme or "", Host = host or "", Path = opaque and "" or path or hierarchy, RawQuery = query,
    Fragment = fragment, Opaque = opaque and hierarchy or "",
  }
  local index = {}
  for name, value in pairs(parts) do index[name] = { value = value } end
  return values.text("*url.URL", "ptr", text, { methods = PRINTS_ITSELF, index = index })
end

local function each(items, make, list_type)
  if not items or #items == 0 then return values.nil_list(list_type) end
  local list = {}
  for i, text in ipairs(items) do list[i] = make(text) end
  return values.list(list, list_type)
end

-- What the request's own extensions ask for. DER is read just as far as step reads it.
local USAGES = { [0] = "digitalSignature", "contentCommitment", "keyEncipherment", "dataEncipherment", "keyAgreement",
  "certSign", "crlSign", "encipherOnly", "decipherOnly" }

local function key_usage(der)
  local unused, bits = string.match(der or "", "^\3[\2\3](.)(.+)$")
  local number, names = 0, {}
  for bit = 0, unused and 8 or -1 do
    local byte = string.byte(bits, bit // 8 + 1) or 0
    if byte & (128 >> bit % 8) ~= 0 then
      number = number | 1 << bit
      names[#names + 1] = USAGES[bit]
    end
  end
  local value = values.scalar("x509util.KeyUsage", "int", number)
  value.json = function() return number ~= 0 and values.strings(names) or values.null end
  return value
end

local PURPOSES = {
  ["2.5.29.37.0"] = "any", ["1.3.6.1.5.5.7.3.1"] = "serverAuth", ["1.3.6.1.5.5.7.3.2"] = "clientAuth",
  ["1.3.6.1.5.5.7.3.3"] = "codeSigning", ["1.3.6.1.5.5.7.3.4"] = "emailProtection",
  ["1.3.6.1.5.5.7.3.8"] = "timeStamping", ["1.3.6.1.5.5.7.3.9"] = "ocspSigning",
  ["1.3.6.1.4.1.311.10.3.3"] = "microsoftServerGatedCrypto",
  ["2.16.840.1.113730.4.1"] = "netscapeServerGatedCrypto",
  ["1.3.6.1.4.1.311.2.1.22"] = "microsoftCommercialCodeSigning",
  ["1.3.6.1.4.1.311.61.1.1"] = "microsoftKernelCodeSigning",
}

local function oid_text(content)
  local arcs, arc = {}, 0
  for i = 1, #content do
    local byte = string.byte(content, i)
    arc = arc << 7 | (byte & 127)
    if byte < 128 then
      if #arcs == 0 then
        local first = math.min(arc // 40, 2)
        arcs[1], arc = first, arc - first * 40
      end
      arcs[#arcs + 1], arc = arc, 0
    end
  end
  return table.concat(arcs, ".")
end

local function extended_key_usage(der)
  local known, unknown = {}, {}
  local size = der and string.byte(der, 2) or 0
  local at = size < 128 and 3 or 3 + size % 128 -- behind the head of the SEQUENCE
  while der and at < #der and string.byte(der, at) == 6 do
    local length = string.byte(der, at + 1)
    local text = oid_text(string.sub(der, at + 2, at + 1 + length))
    local list = PURPOSES[text] and known or unknown
    list[#list + 1] = PURPOSES[text] or text
    at = at + 2 + length
  end
  local usages = values.strings(known, "x509util.ExtKeyUsage")
  return usages, #unknown > 0 and values.strings(unknown, "x509util.UnknownExtKeyUsage")
    or values.nil_list "x509util.UnknownExtKeyUsage"
end

local function basic_constraints(der)
  if not der then return values.null end
  local length = string.match(der, "\2\1(.)$")
  return values.struct {
    type = "*x509util.BasicConstraints", kind = "ptr",
    { "IsCA", string.find(der, "\1\1\xFF", 1, true) ~= nil, json = "isCA" },
    { "MaxPathLen", length and string.byte(length) or -1, json = "maxPathLen" },
  }
end

local function extensions(list)
  if not list or #list == 0 then return values.nil_list "[]x509util.Extension", {} end
  local made, by_oid = {}, {}
  for i, extension in ipairs(list) do
    local der = base64.decode(extension.value or "")
      or problem.raise("the value of extension %s is no base64", tostring(extension.id))
    by_oid[extension.id] = der
    made[i] = values.struct {
      type = "x509util.Extension",
      { "ID", oid(extension.id), json = "id" },
      { "Critical", extension.critical == true, json = "critical" },
      { "Value", values.bytes(der), json = "value" },
    }
  end
  return values.list(made, "[]x509util.Extension"), by_oid
end

-- .Insecure.CR of a request as ceremony/request.h describes it in JSON.
function data.request(request)
  local list, by_oid = extensions(request.Extensions)
  local kind = request.PublicKeyKind or problem.raise "the request names no PublicKeyKind"
  local extended, unknown = extended_key_usage(by_oid["2.5.29.37"])
  local function bytes(text) return text and values.bytes(base64.decode(text)) or values.nil_list "[]uint8" end
  return values.struct {
    type = "*x509util.CertificateRequest", kind = "ptr",
    { "Version", math.tointeger(request.Version) or 0, json = "version" },
    { "Subject", data.subject(request.Subject), json = "subject" },
    { "RawSubject", bytes(request.RawSubject), json = "rawSubject" },
    { "DNSNames", multi(request.DNSNames), json = "dnsNames" },
    { "EmailAddresses", multi(request.EmailAddresses), json = "emailAddresses" },
    { "IPAddresses", each(request.IPAddresses, ip, "x509util.MultiIP"), json = "ipAddresses" },
    { "URIs", each(request.URIs, url, "x509util.MultiURL"), json = "uris" },
    { "SANs", sans(nil), json = "sans" },
    { "Extensions", list, json = "extensions" },
    { "KeyUsage", key_usage(by_oid["2.5.29.15"]), json = "keyUsage" },
    { "ExtKeyUsage", extended, json = "extKeyUsage" },
    { "UnknownExtKeyUsage", unknown, json = "unknownExtKeyUsage" },
    { "BasicConstraints", basic_constraints(by_oid["2.5.29.19"]), json = "basicConstraints" },
    -- step leaves it out on purpose: it may not fit who signs.
    { "SignatureAlgorithm", values.text("x509util.SignatureAlgorithm", "int", ""), json = "signatureAlgorithm" },
    { "PublicKey", public_key(kind), json = false },
    { "PublicKeyAlgorithm", public_key_algorithm(kind), json = false },
    { "ChallengePassword", "", json = false }, -- step never fills it in
    { "Signature", bytes(request.Signature), json = false },
    { "Signer", values.null, json = false },
  }
end

-- The whole tree. `input` has subject, sans, request, user, token, max_path_len; each may be absent, but then the
-- template finds nothing there, as in step.
function data.tree(input)
  local tree, insecure = {}, {}
  tree.Subject = data.subject(input.subject or (input.request or {}).Subject)
  tree.SANs = sans(input.sans or {})
  tree.MaxPathLen = input.max_path_len
  tree.Token = input.token and values.from_lua(input.token)
  insecure.CR = input.request and data.request(input.request)
  insecure.User = values.map(input.user and values.from_lua(input.user).entries or {})
  tree.Insecure = values.map(insecure, "x509util.TemplateData")
  return values.map(tree, "x509util.TemplateData")
end

return data

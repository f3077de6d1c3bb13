-- Every golden template, from its text to the signed certificate, by way of the program's own engine, reader and
-- signer: it is step's certificate to the last byte, where the signature has no chance in it.

package.path = "lua/?.lua;tests/lua/?.lua;" .. package.path

local host = require "host"
local tap = require "tap"
local template = require "template"

local GOLDEN = "tests/golden/"

local function golden(name) return tap.read(GOLDEN .. name) end

-- A golden key, which openssl decrypts.
local function decrypted(file, password)
  local command = ("openssl pkey -in %s%s -passin file:%s%s"):format(GOLDEN, file, GOLDEN, password)
  local pipe <close> = assert(io.popen(command))
  return host.key.parse(pipe:read "a", nil, file)
end

local roots = { rsa4096 = {}, p384 = {} }

for name, root in pairs(roots) do
  root.pem = golden("root/root-" .. name .. ".crt")
  root.key = decrypted("root/root-" .. name .. ".key", "pw/root.txt")
end

local csr = golden "csr/intermediate_ca.csr"
local request = host.request.read(csr, "the golden request").json

-- The draft of what step was asked to sign: the template, and the serial number and dates of step's certificate.
local function draft(path, root, theirs)
  local facts = host.certificate.read(theirs, path)
  local json = template.compile(golden(path), path):render(template.data {
    subject = request.Subject, request = request, user = {}, max_path_len = 0,
    sans = { { type = "dns", value = request.Subject.commonName } },
  })
  return host.certificate.draft { profile = json, template = path, request = csr, issuer = roots[root].pem,
    key = roots[root].key, serial = facts.serial, begins = facts.not_before, ends = facts.not_after, as_step = true }
end

-- What a ceremony does not sign, also not with as_step: no intermediate, or not for the request's name. That they would
-- come out as step's is shown by tests/unit/test_issue.c.
local REFUSED = {
  ["case-insensitive"] = "keyUsage lacks cRLSign",
  ["empty-object"] = "subject: is empty",
  ["unset-var"] = "subject: is empty",
  ["subject-literal"] = "and the request is for CN=Example Intermediate CA",
  ["subject-string"] = "and the request is for CN=Example Intermediate CA",
}

for name, message in pairs(REFUSED) do
  tap.test(name .. ": refused by name", function()
    tap.raises(message, draft, "templates/" .. name .. ".tpl", "rsa4096", golden("templates/" .. name .. ".crt"))
  end)
end

local function same(path, root, crt)
  tap.test(crt .. ": every field", function()
    local theirs = golden(crt)
    local ours = draft(path, root, theirs)
    ours:conforms(theirs)
    local signed = ours:sign()
    -- An RSA signature (PKCS #1 v1.5) is always the same; PSS and ECDSA draw lots.
    if root == "rsa4096" and not crt:find "sigpss" then tap.equal(signed, theirs) end
  end)
end

for _, name in ipairs { "cr-copy", "ext", "no-maxpathlen", "page", "profile-intermediate", "sans", "sig384", "sigpss",
  "unknown-key" } do
  same("templates/" .. name .. ".tpl", "rsa4096", "templates/" .. name .. ".crt")
end
same("csr/rsa_intermediate_ca.tpl", "rsa4096", "cert/intermediate_ca.by-rsa4096.crt")
same("csr/rsa_intermediate_ca.tpl", "p384", "cert/intermediate_ca.by-p384.crt")

tap.test("the request itself, to the last byte", function()
  local path = "csr/rsa_intermediate_ca.tpl"
  local json = template.compile(golden(path), path):render(template.data { subject = request.Subject, user = {} })
  local key = decrypted("csr/intermediate_ca_key", "pw/ca.txt")
  tap.equal(host.request.create(key, json, path), csr)
end)

tap.done()

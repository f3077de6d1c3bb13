--- lua/template_data.lua and step's own functions: the golden templates, what step's data look like, and ASN.1.

package.path = "lua/?.lua;tests/lua/?.lua;" .. package.path

local base64 = require "template_base64"
local tap = require "tap"
local template = require "template"

local GOLDEN = "tests/golden/templates/"

-- What `step certificate sign` hands to a template for the golden request (tests/golden/csr).
local function data()
  return template.data {
    subject = { commonName = "Example Intermediate CA" },
    sans = { { type = "dns", value = "Example Intermediate CA" } },
    request = {
      Subject = { commonName = "Example Intermediate CA" }, PublicKeyKind = "RSA-3072", Version = 0,
      Extensions = {
        { id = "2.5.29.19", critical = true, value = "MAYBAf8CAQA=" },
        { id = "2.5.29.15", critical = true, value = "AwIBBg==" },
      },
    },
    user = {}, max_path_len = 0,
  }
end

local function render(text, tree)
  return template.compile(text, "template"):render(tree or data())
end

local function der(name)
  local pem = tap.read(GOLDEN .. name .. ".crt")
  return base64.decode(pem:match "%-%-%-%-%-BEGIN CERTIFICATE%-%-%-%-%-(.-)%-%-%-%-%-END")
end

-- The golden templates --------------------------------------------------------------------------------------------

local SUBJECT = '{"commonName":"Example Intermediate CA"}'

-- Templates whose only action is the subject (and the path length of the CLI).
for _, name in ipairs { "case-insensitive", "empty-object", "empty", "ku-badname", "no-maxpathlen", "page",
  "profile-intermediate", "sans", "sig-badname", "sig384", "sigpss", "subject-literal", "subject-string",
  "trailing-comma", "unknown-key" } do
  tap.test(name .. ".tpl", function()
    local text = tap.read(GOLDEN .. name .. ".tpl")
    local expected = text:gsub("{{ toJson .Subject }}", SUBJECT):gsub("{{ .MaxPathLen }}", "0")
    local out, findings = render(text)
    tap.equal(out, expected)
    tap.equal(#findings, 0)
  end)
end

tap.test("unset-var.tpl: null, as in step, and a finding", function()
  local out, findings = render(tap.read(GOLDEN .. "unset-var.tpl"))
  tap.equal(out, '{ "subject": null }')
  tap.same(findings, { { rule = "unset_variable", line = 1, column = 24, message = ".Nope is not set" } })
  assert(not der "unset-var":find("Example Intermediate CA", 1, true), "the golden certificate has a subject")
end)

tap.test("a name that is nearly one is told which", function()
  local _, findings = render "{{ toJson .Subjct }}{{ toJson .Insecure.Usr.a }}{{ toJson .Nothing }}"
  tap.equal(findings[1].message, '.Subjct is not set; did you mean "Subject"?')
  tap.equal(findings[2].message, '.Insecure.Usr is not set; did you mean "User"?')
  tap.equal(findings[3].message, ".Nothing is not set")
  tap.raises('can\'t evaluate field ComonName in type x509util.Subject; did you mean "CommonName"?', render,
    "{{ .Subject.ComonName }}")
end)

tap.test("fail.tpl: the template's own words, as step's", function()
  local fine, raised = pcall(render, tap.read(GOLDEN .. "fail.tpl"))
  assert(not fine)
  tap.equal(raised.message .. "\n", tap.read(GOLDEN .. "fail.err"))
  tap.equal(tostring(raised), "template:1:4: no way")
end)

tap.test("parse-error.tpl: step's words", function()
  local fine, raised = pcall(render, tap.read(GOLDEN .. "parse-error.tpl"))
  assert(not fine)
  local words = tap.read(GOLDEN .. "parse-error.err"):match "template:1: (.*)\n$"
  tap.equal(tostring(raised), "template:1:33: " .. words)
end)

tap.test("ext.tpl: the extensions are those of step's certificate, byte for byte", function()
  local out = render(tap.read(GOLDEN .. "ext.tpl"))
  local certificate = der "ext"
  local found = 0
  for value in out:gmatch '"value":"([^"]+)"' do
    local content = base64.decode(value)
    assert(certificate:find("\4" .. string.char(#content) .. content, 1, true), value .. " is not in step's")
    found = found + 1
  end
  tap.equal(found, 2)
end)

tap.test("cr-copy.tpl: the whole request", function()
  tap.equal((render(tap.read(GOLDEN .. "cr-copy.tpl"))), '{"version":0,"subject":' .. SUBJECT .. ',"rawSubject":null,'
    .. '"dnsNames":null,"emailAddresses":null,"ipAddresses":null,"uris":null,"sans":null,"extensions":['
    .. '{"id":"2.5.29.19","critical":true,"value":"MAYBAf8CAQA="},'
    .. '{"id":"2.5.29.15","critical":true,"value":"AwIBBg=="}],'
    .. '"keyUsage":["certSign","crlSign"],"extKeyUsage":[],"unknownExtKeyUsage":null,'
    .. '"basicConstraints":{"isCA":true,"maxPathLen":0},"signatureAlgorithm":""}')
  for _, content in ipairs { "\x30\6\1\1\xFF\2\1\0", "\3\2\1\6" } do
    assert(der "cr-copy":find("\4" .. string.char(#content) .. content, 1, true), "not in step's certificate")
  end
end)

tap.test("every field of a request", function()
  local tree = template.data { subject = "x", request = { Subject = {}, PublicKeyKind = "P-256", Version = 0,
    RawSubject = base64.encode "\x30\0", Signature = base64.encode "abc" } }
  tap.equal((render("{{ with .Insecure.CR }}{{ .RawSubject }} {{ .Signature | toJson }} {{ len .ChallengePassword }} "
    .. "{{ .Signer | toJson }} {{ .Subject | toJson }}{{ end }}", tree)), '[48 0] "YWJj" 0 null {}')
  assert((render("{{ toJson .Insecure.CR }}", tree)):find('"rawSubject":"MAA="', 1, true))
end)

-- A SEQUENCE of more than 127 bytes has a longer head.
tap.test("many extended key usages", function()
  local oid = "\6\8\x2b\6\1\5\5\7\3\1"
  local usages = "\x30\x81" .. string.char(#oid * 13) .. oid:rep(13)
  local out = render("{{ toJson .Insecure.CR.ExtKeyUsage }}", template.data { subject = "x", request = { Subject = {},
    PublicKeyKind = "P-256", Extensions = { { id = "2.5.29.37", value = base64.encode(usages) } } } })
  tap.equal(out, "[" .. ('"serverAuth",'):rep(12) .. '"serverAuth"]')
end)

-- step's default templates -----------------------------------------------------------------------------------------

local LEAF = [[{
	"subject": {{ toJson .Subject }},
	"sans": {{ toJson .SANs }},
{{- if typeIs "*rsa.PublicKey" .Insecure.CR.PublicKey }}
	"keyUsage": ["keyEncipherment", "digitalSignature"],
{{- else }}
	"keyUsage": ["digitalSignature"],
{{- end }}
	"extKeyUsage": ["serverAuth", "clientAuth"]
}]]

local function leaf(kind)
  return template.data { subject = "web", sans = { { type = "dns", value = "web.example.com" } },
    request = { Subject = {}, PublicKeyKind = kind } }
end

local function leaf_json(usage)
  return '{\n\t"subject": {"commonName":"web"},\n\t"sans": [{"type":"dns","value":"web.example.com"}],\n\t"keyUsage": ['
    .. usage .. '],\n\t"extKeyUsage": ["serverAuth", "clientAuth"]\n}'
end

tap.test("a leaf, RSA", function()
  tap.equal((render(LEAF, leaf "RSA-2048")), leaf_json '"keyEncipherment", "digitalSignature"')
end)

for _, kind in ipairs { "P-256", "P-521", "Ed25519" } do
  tap.test("a leaf, " .. kind, function() tap.equal((render(LEAF, leaf(kind))), leaf_json '"digitalSignature"') end)
end

tap.test("keys have the types and methods that templates ask for", function()
  local function say(text, kind) return (render("{{ with .Insecure.CR }}" .. text .. "{{ end }}", leaf(kind))) end
  tap.equal(say("{{ typeOf .PublicKey }} {{ .PublicKey.Size }} {{ .PublicKeyAlgorithm }}", "RSA-4096"),
    "*rsa.PublicKey 512 RSA")
  tap.equal(say("{{ typeOf .PublicKey }} {{ .PublicKey.Curve.Params.Name }} {{ .PublicKey.Params.BitSize }}", "P-384"),
    "*ecdsa.PublicKey P-384 384")
  tap.equal(say("{{ typeOf .PublicKey }} {{ kindOf .PublicKey }} {{ .PublicKeyAlgorithm }}", "Ed25519"),
    "ed25519.PublicKey slice Ed25519")
  tap.raises("can't evaluate field Size in type *ecdsa.PublicKey", say, "{{ .PublicKey.Size }}", "P-256")
  tap.raises('the public key kind "DSA" is not known', leaf, "DSA")
end)

-- Data -------------------------------------------------------------------------------------------------------------

tap.test("a whole subject, in step's members and order", function()
  local tree = template.data { subject = {
    commonName = "CA", serialNumber = "42", country = "IT", organization = { "Org", "Second" }, province = "RM",
    locality = "Roma", organizationalUnit = { "Unit" }, streetAddress = "Via 1", postalCode = "00100",
    extraNames = { { type = "1.2.840.113549.1.9.1", value = "a@b.c" } },
  } }
  tap.equal((render("{{ toJson .Subject }}", tree)), '{"country":["IT"],"organization":["Org","Second"],'
    .. '"organizationalUnit":["Unit"],"locality":["Roma"],"province":["RM"],"streetAddress":["Via 1"],'
    .. '"postalCode":["00100"],"serialNumber":"42","commonName":"CA",'
    .. '"extraNames":[{"type":"1.2.840.113549.1.9.1","value":"a@b.c"}]}')
  local text = "{{ .Subject.Organization }} {{ .Subject.Locality }} {{ (first .Subject.ExtraNames).Type }}"
  tap.equal((render(text, tree)), "[Org Second] [Roma] [1 2 840 113549 1 9 1]")
end)

tap.test("an empty subject", function()
  local tree = template.data { subject = {} }
  tap.equal((render("{{ toJson .Subject }}{{ toJson .Subject.Country }}[{{ .Subject.CommonName }}]", tree)), "{}null[]")
end)

tap.test("user data and tokens are JSON's: numbers are float64", function()
  local tree = template.data { subject = "x", user = { n = 5, list = { 1, "a" } }, token = { nbf = 1719962162 } }
  tap.equal((render("{{ typeOf .Insecure.User.n }} {{ toJson .Insecure.User }} {{ toJson .Token }}", tree)),
    'float64 {"list":[1,"a"],"n":5} {"nbf":1719962162}')
  tap.equal((render("{{ .Token.nbf | toTime }}", tree)), "2024-07-02 23:16:02 +0000 UTC")
end)

tap.test("what is not given is not set", function()
  local out, findings = render("{{ toJson .Token }}{{ toJson .MaxPathLen }}{{ toJson .Insecure.User.x }}",
    template.data { subject = "x" })
  tap.equal(out, "nullnullnull")
  tap.equal(#findings, 3)
end)

tap.test("the request's extensions as step reads them", function()
  local tree = template.data { subject = "x", request = { Subject = {}, PublicKeyKind = "P-256", Extensions = {
    { id = "2.5.29.15", critical = true, value = "AwMHBoA=" },
    { id = "2.5.29.37", critical = false, value = "MBwGCCsGAQUFBwMBBggrBgEFBQcDAgYGKwYBBAEP" },
    { id = "2.5.29.19", critical = true, value = "MAA=" },
  } } }
  tap.equal((render("{{ with .Insecure.CR }}{{ toJson .KeyUsage }}{{ toJson .ExtKeyUsage }}"
    .. "{{ toJson .UnknownExtKeyUsage }}{{ toJson .BasicConstraints }}"
    .. "{{ .KeyUsage }}{{ .BasicConstraints.IsCA }}{{ end }}", tree)),
    '["certSign","crlSign","decipherOnly"]["serverAuth","clientAuth"]["1.3.6.1.4.1.15"]'
    .. '{"isCA":false,"maxPathLen":-1}352false')
end)

tap.test("URIs", function()
  local tree = template.data { subject = "x", request = { Subject = {}, PublicKeyKind = "P-256",
    URIs = { "spiffe://td/ns/web", "urn:uuid:1", "https://h/p?q#f" } } }
  local text = "{{ range .Insecure.CR.URIs }}[{{ .Scheme }} {{ .Host }} {{ .Path }} {{ .Opaque }}]{{ . }}{{ end }}"
  tap.equal((render(text, tree)),
    "[spiffe td /ns/web ]spiffe://td/ns/web[urn   uuid:1]urn:uuid:1[https h /p ]https://h/p?q#f")
end)

-- asn1Enc and its kin. asn1Marshal is in test_template_go.lua; these are the same encodings by DER's rules. ----------

local function encodes(text, hex)
  tap.test("asn1Enc " .. text, function()
    local out = render("{{ asn1Enc `" .. text .. "` }}")
    tap.equal((base64.decode(out):gsub(".", function(c) return ("%02x"):format(c:byte()) end)), hex)
  end)
end

encodes("foo.com", "1307666f6f2e636f6d")
encodes("printable:a*b", "1303612a62")
encodes("utf8:hi", "0c026869")
encodes("utf8:\u{E9}:x", "0c04c3a93a78")
encodes("ia5:a@b", "1603614062")
encodes("numeric:12 3", "1204" .. "31322033")
encodes("int:123456", "020301e240")
encodes("int:-1", "0201ff")
encodes("int:128", "02020080")
encodes("int:007", "020107")
encodes("oid:1.2.840.113549", "06062a864886f70d")
encodes("oid:2.999.3", "0603883703")
encodes("bool:true", "0101ff")
encodes("boolean:F", "010100")
encodes("utc:2024-07-02T23:16:02Z", "170d3234303730323233313630325a")
encodes("utc:2024-07-02 23:16:02 +0000 UTC", "170d3234303730323233313630325a")
encodes("generalized:2024-07-02T23:16:02Z", "180f32303234303730323233313630325a")
encodes("utc:2055-01-01T00:00:00Z", "180f32303535303130313030303030305a")
encodes("raw:gAEA", "800100")
encodes("explicit:x", "a003130178")
encodes("utf8,explicit,tag:3:x", "a0050c03333a78") -- the first colon ends the parameters, so no tag has a number

local function refuses(text, words)
  tap.test(text .. " fails", function() tap.raises(words, render, text) end)
end

refuses("{{ asn1Enc `numeric:x` }}", "error calling asn1Enc: invalid numeric value")
refuses("{{ asn1Enc `ia5:\u{E9}` }}", "invalid ia5 value")
refuses("{{ asn1Enc `a_b` }}", "invalid printable value")
refuses("{{ asn1Enc `int:1.5` }}", "invalid int value")
refuses("{{ asn1Enc `int:99999999999999999999` }}", "invalid int value")
refuses("{{ asn1Enc `oid:1` }}", "is not an ASN1 object identifier")
refuses("{{ asn1Enc `oid:3.1` }}", "is not an ASN1 object identifier")
refuses("{{ asn1Enc `bool:untrue` }}", "invalid bool value")
refuses("{{ asn1Enc `utc:yesterday` }}", "invalid utc value")
refuses("{{ asn1Enc `raw:!` }}", "illegal base64 data")
refuses("{{ asn1Seq `!` }}", "illegal base64 data")

tap.test("asn1Seq and asn1Set, as step's own tests have them", function()
  tap.equal((render [[{{ asn1Seq (asn1Enc "foo.com") (asn1Enc "int:123456") }}]]), "MA4TB2Zvby5jb20CAwHiQA==")
  tap.equal((render [[{{ asn1Set (asn1Marshal "foo.com" "utf8") (asn1Enc "bool:true") }}]]), "MQwMB2Zvby5jb20BAf8=")
  tap.equal((render "{{ asn1Seq }} {{ asn1Set }}"), "MAA= MQA=")
end)

tap.test("a long sequence has a long length", function()
  local out = base64.decode((render "{{ asn1Seq (asn1Enc (repeat 300 `x`)) }}"))
  tap.equal(out:sub(1, 8), "\x30\x82\x01\x30\x13\x82\x01\x2C")
  tap.equal(#out, 308)
end)

tap.done()

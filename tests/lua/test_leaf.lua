--- lua/leaf.lua: the leaf templates that verger writes, and what it finds in others'.

local host = require "host"
local leaf = require "leaf"
local tap = require "tap"
local template = require "template"

local WORKING = tap.read "tests/golden/config/ca.working.json"
local URL = "http://ca.example.com/crl"
local PLACE = "authority.provisioners.0.options.x509"

local function given(text) return host.config.get(text, PLACE .. ".template") end

--- The certificate JSON that a template gives a leaf with a key of this kind.
local function rendered(purpose, kind, url)
  local text = template.compile(leaf.template(purpose, url), "leaf"):render(template.data {
    subject = "web.example.com", sans = { { type = "dns", value = "web.example.com" } },
    request = { Subject = { commonName = "web.example.com" }, PublicKeyKind = kind },
  })
  return host.json.decode(text, "leaf")
end

tap.test("the template of the tree that was tried with the real programs", function()
  tap.equal(leaf.template("server and client", URL), given(WORKING))
end)

tap.test("each purpose has its usages, and only RSA keys encipher keys", function()
  tap.same(rendered("server", "P-256", URL).extKeyUsage, { "serverAuth" })
  tap.same(rendered("client", "P-256").extKeyUsage, { "clientAuth" })
  tap.same(rendered("server and client", "RSA-3072").extKeyUsage, { "serverAuth", "clientAuth" })
  tap.same(rendered("server", "RSA-3072").keyUsage, { "keyEncipherment", "digitalSignature" })
  tap.same(rendered("server", "P-256").keyUsage, { "digitalSignature" })
  tap.same(rendered("server", "P-256", URL).crlDistributionPoints, { URL })
  tap.equal(rendered("server", "P-256").crlDistributionPoints, nil)
end)

tap.test("a purpose is set with the list's address, and known again", function()
  local text = assert(leaf.set(WORKING, 1, "client"))
  tap.equal(given(text), leaf.template("client", URL))
  tap.equal(leaf.purpose(given(text), URL), "client")
  tap.equal(leaf.purpose(given(text), "http://other.example.com/crl"), nil)
  tap.equal(given(assert(leaf.set(text, 1))), given(text))
end)

tap.test("before there is a list a purpose is kept, and gets the address later", function()
  local bare = host.config.set(WORKING, "crl", host.json.object {})
  bare = host.config.set(bare, PLACE, host.json.object {})
  bare = assert(leaf.set(bare, 1, "server"))
  tap.equal(given(bare), leaf.template("server", nil))
  local later = host.config.set(bare, "crl.idpURL", URL)
  tap.equal(given(assert(leaf.set(later, 1))), leaf.template("server", URL))
end)

tap.test("nothing asked is step-ca's default", function()
  local bare = host.config.set(WORKING, PLACE, host.json.object {})
  tap.equal(given(assert(leaf.set(bare, 1))), leaf.template("server and client", URL))
end)

tap.test("another's template is never overwritten", function()
  local others = { { { "template", "{}" } }, { { "templateFile", "/etc/leaf.tpl" } } }
  for _, other in ipairs(others) do
    local text, why = leaf.set(host.config.set(WORKING, PLACE, host.json.object(other)), 1, "server")
    tap.equal(text, nil)
    assert(why:find("has a template of its own", 1, true), why)
  end
end)

local function faults(options, files)
  local text = host.config.set(WORKING, PLACE, host.json.object(options))
  return leaf.faults(text, function(path) return files and files[path] end)
end

tap.test("a template that does not parse is found, inline, in base64 and in a file", function()
  local broken = '{\n"subject": {{ toJson .Subject }'
  tap.same(leaf.faults(WORKING, function() end), {})
  for _, found in ipairs { faults { { "template", broken } },
    faults { { "template", "ewoic3ViamVjdCI6IHt7IHRvSnNvbiAuU3ViamVjdCB9" } },
    faults({ { "templateFile", "/etc/leaf.tpl" } }, { ["/etc/leaf.tpl"] = broken }) } do
    tap.equal(#found, 1)
    tap.equal(found[1].rule, "leaf_template_broken")
    tap.equal(found[1].place, "config/ca.json: authority.provisioners.0.options.x509.template")
    assert(found[1].text:find "^template:2:", found[1].text)
  end
  tap.same(faults { { "template", "{}" } }, {})
  tap.same(faults { { "templateFile", "/not/there" } }, {})
end)

tap.done()

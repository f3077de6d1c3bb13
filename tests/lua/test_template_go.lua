--- lua/template*.lua against Go itself: every vector's output byte for byte, every failure on the same line.

package.path = "lua/?.lua;tests/lua/?.lua;" .. package.path

local tap = require "tap"
local template = require "template"

-- What the vectors were made over; a new one each time, because `set` changes it.
local function data()
  local null = template.values.null
  return template.data {
    subject = { commonName = "Example Intermediate CA" },
    sans = { { type = "dns", value = "a.example.com" }, { type = "ip", value = "10.0.0.1" } },
    max_path_len = 0,
    token = { iss = "https://iss", sub = "sub", nbf = 1719962162, exp = 1719962462 },
    user = {
      a = 1, f = 1.5, big = 1234567, s = "x", e = "", n = null, l = { "p", "q", 3, true, null },
      m = { k = "v", z = { y = "deep" } }, t = true, html = "<b>&'\"", long = "The quick brown fox",
    },
    request = {
      Subject = { commonName = "foo.example.com", organization = "Org", country = { "IT", "DE" } },
      PublicKeyKind = "RSA-3072", DNSNames = { "foo.com", "bar.com" }, EmailAddresses = { "a@foo.com" },
      IPAddresses = { "10.0.0.1", "::1" }, URIs = { "https://foo.com/p?q=1" },
      Extensions = { { id = "2.5.29.15", critical = true, value = "AwIBBg==" } },
    },
  }
end

local function render(text)
  return (template.compile(text, "template"):render(data()))
end

local function fails_like(text, go_message)
  local fine, raised = pcall(render, text)
  assert(not fine, "nothing was raised; Go says " .. go_message)
  assert(type(raised) == "table" and raised.message, tostring(raised))
  tap.equal(raised.line, tonumber(go_message:match "^template: template:(%d+)"), "line of " .. tostring(raised))
end

for _, part in ipairs { "template_vectors_language", "template_vectors_functions" } do
  for _, vector in ipairs(require(part)) do
    tap.test(vector[1]:gsub("[\n#]", " "), function()
      if vector.fails then fails_like(vector[1], vector.fails) else tap.equal(render(vector[1]), vector[2]) end
    end)
  end
end

tap.done()

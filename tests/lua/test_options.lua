--- lua/options.lua: what each kind of option takes, and what it does not.

local options = require "options"
local tap = require "tap"

local function takes(kind, values)
  for _, value in ipairs(values) do
    local fine, fault = pcall(kind, value)
    if not fine then error(("%s was refused: %s"):format(tostring(value), fault.rule or fault), 2) end
  end
end

--- Every value is refused with a rule, that is a phrase to stand behind the option's name.
local function refuses(kind, values, words)
  for _, value in ipairs(values) do
    local fine, fault = pcall(kind, value)
    if fine then error(("%s was taken"):format(tostring(value)), 2) end
    if type(fault) ~= "table" or type(fault.rule) ~= "string" then error("no rule: " .. tostring(fault), 2) end
    if words and not fault.rule:find(words, 1, true) then
      error(("%s: %s, expected %s"):format(tostring(value), fault.rule, words), 2)
    end
  end
end

tap.test("text", function()
  takes(options.text, { "a", "Example CA", "Grüße, 世界", ("x"):rep(200), '"quoted"' })
  refuses(options.text, { 7, true, {}, print }, "must be a text in quotes")
  refuses(options.text, { "", " ", "  " }, "must not be empty")
  refuses(options.text, { ("x"):rep(201), ("ü"):rep(101) }, "at most 200 bytes")
  refuses(options.text, { "a\nb", "a\0b", "a\27[2J", "a\127b", "a\tb", "a\r" }, "one line, without control")
  refuses(options.text, { "a\u{202E}b", "a\u{2066}b", "a\u{2028}b", "\u{FEFF}a", "a\u{85}b", "a\u{200F}" },
    "cannot be seen")
  refuses(options.text, { "a\\b", "C:\\" }, "backslash")
  refuses(options.text, { " a", "a " }, "begins or ends with a space")
end)

--- Nothing of these can be seen, or told from a plain space.
local UNSEEN = { 0x80, 0x9F, 0xA0, 0xAD, 0x34F, 0x61C, 0x115F, 0x1160, 0x1680, 0x180B, 0x180E, 0x2000, 0x200A, 0x200B,
  0x200D, 0x200F, 0x2028, 0x202F, 0x205F, 0x2060, 0x206A, 0x206F, 0x2800, 0x3000, 0x3164, 0xE000, 0xF8FF, 0xFDD0,
  0xFE0F, 0xFEFF, 0xFFA0, 0xFFF9, 0xFFFB, 0xFFFE, 0xFFFF, 0x1FFFE, 0xE0000, 0xE007F, 0xE0100, 0xF0000, 0x10FFFD,
  0x10FFFF }

tap.test("what cannot be seen is named, in texts, prose and names; what can be seen is taken", function()
  for _, code in ipairs(UNSEEN) do
    for _, kind in ipairs { options.text, options.prose, options.person } do
      refuses(kind, { "a" .. utf8.char(code) .. "b" }, ("cannot be seen (U+%04X)"):format(code))
    end
  end
  takes(options.text, { "¡¬®¿", "é e\u{301} ñ", "– — “x” … €", "한국어 日本語 ไทย עברית العربية", "😀", "a\u{FFFD}b" })
  refuses(options.text, { "a\xFFb", "\xED\xA0\x80", "a\xC3" }, "not UTF-8")
end)

tap.test("no text has a box of the agenda's own", function()
  for _, kind in ipairs { options.text, options.prose, options.person } do
    refuses(kind, { "a [ ] b", "[x] done", "[X]", "[]", "[  ]", "[ x ]" }, "with which the agenda begins")
  end
  takes(options.prose, { "see [1] and [a]", "[ a ]", "http://[2001:db8::1]/x" })
end)

tap.test("prose is longer, and may have a backslash", function()
  takes(options.prose, { ("x"):rep(2000), "a\\b" })
  refuses(options.prose, { ("x"):rep(2001), "a\nb", "", 7, "a\u{202E}b" })
end)

tap.test("person", function()
  takes(options.person, { "Ada Example", "Zoë O'Neill-Müller", ("x"):rep(100) })
  refuses(options.person, { ("x"):rep(101) }, "100 bytes")
  refuses(options.person, { "Ada <ada@example.com>", "a>b" }, "commit")
  refuses(options.person, { "Ad\u{430}", "\u{410}da", "Ada \u{395}xample", "Ada E\u{FF58}ample", "Ad\u{1D41A}" },
    "mixes Latin letters with U+")
  refuses(options.person, { "Ad\u{430}" }, "U+0430 (\u{430})")
  takes(options.person, { "Анна Ахматова", "Ελένη Παπαδοπούλου", "Nguyễn Thị Ánh", "Əli Şükür", "Müller e\u{301}" })
end)

tap.test("one person, however the name is written", function()
  local function same(one, other) tap.equal(options.same_person(one), options.same_person(other)) end
  local function others(one, other) assert(options.same_person(one) ~= options.same_person(other), one) end
  same("Ada  Example", "ada example")
  same("ZOË", "zoë")
  same("Zoë", "Zoe\u{308}")
  same("José", "Jose")
  same("АСА", "ACA") -- Cyrillic, Latin
  same("ΑΝΝΑ", "Anna") -- Greek
  same("ДЖОЙ", "Джой")
  same("Ann-Marie O'Neill", "Ann‑Marie O’Neill")
  others("Ada", "Eda")
  others("Анна", "Инна")
  others("王伟", "王芳")
end)

tap.test("boolean", function()
  takes(options.boolean, { true, false })
  refuses(options.boolean, { 0, 1, "yes", {} }, "true or false")
end)

tap.test("texts", function()
  takes(options.texts, { { "a" }, { "a", "b" } })
  refuses(options.texts, { "a", 7, { x = "a" } }, "must be a list")
  refuses(options.texts, { {} }, "must not be empty")
  refuses(options.texts, { { "a", "b", "a" } }, '"a" twice')
  refuses(options.texts, { { "a", 7 } }, "(entry 2) must be a text")
end)

tap.test("media", function()
  takes(options.media, { "root.crt", "root.key", "A-1_b.c", "_x", ("x"):rep(100) })
  refuses(options.media, { "a/b", "/a", "..", ".", ".a", "a b", "-a", "a\\b", "ü", ("x"):rep(101), "", 7, {} })
end)

tap.test("path", function()
  takes(options.path, { "a.tpl", "a/b.tpl", "a-b/c_d/e.tpl", "x/y..z" })
  refuses(options.path, { "/a", "a/", "a//b", "../a", "a/../b", "./a", "a/.b", ".a", "a b", "a\\b", "ü", "",
    ("x"):rep(81), 7 })
end)

tap.test("http_url", function()
  takes(options.http_url, { "http://pki.example.com/root.crl", "http://10.0.0.1:8080/crl", "http://[2001:db8::1]/crl",
    "http://ca.example.com/1.0/crl?x=1" })
  refuses(options.http_url, { "https://pki.example.com/root.crl", "HTTPS://pki.example.com/root.crl" }, "no trust yet")
  refuses(options.http_url, { "http://pki.example.com", "http://pki.example.com/", "http://pki.example.com?a=b/c" },
    "must have a path")
  refuses(options.http_url, { "pki.example.com/root.crl", "ftp://pki.example.com/a", "http:///a", "http://a b/c",
    "http://a/b c", "http://a:0/b", "http://a:65536/b", "http://a:x/b", "http://me@a/b", "http://-a/b", "http://a_b/c",
    "http://a/b#c", "http://ü/a", "", 7, {} })
end)

tap.test("crl_url names the file that is published", function()
  takes(options.crl_url, { "http://pki.example.com/root.crl", "http://pki.example.com:8080/a/b/_Root-1.2.crl",
    "http://[2001:db8::1]/r.crl" })
  refuses(options.crl_url, { "http://a.example.com/..", "http://a.example.com/.crl", "http://a.example.com/x/",
    "http://a.example.com/..crl", "http://a.example.com/-r.crl", "http://a.example.com/r%2ecrl",
    "http://a.example.com/root", "http://a.example.com/root.CRL", "http://a.example.com/root.crl.pem",
    "http://a.example.com/a?b=/root.crl", "http://a.example.com/root.crl?x", "http://a.example.com/a+b.crl",
    "http://a.example.com/" .. ("x"):rep(77) .. ".crl" }, "must end in the name of a file")
  refuses(options.crl_url, { "https://a.example.com/root.crl", "http://a.example.com", "http://a.example.com/r.crl#x",
    "/root.crl", 7 })
end)

tap.test("https_url", function()
  takes(options.https_url, { "https://ca.example.com", "https://ca.example.com:9000", "https://ca.example.com/",
    "https://[2001:db8::1]:443" })
  refuses(options.https_url, { "http://ca.example.com", "https://ca.example.com/x", "ca.example.com", "https://", 7 })
end)

tap.test("address", function()
  takes(options.address, { ":443", "ca.example.com:443", "0.0.0.0:80", "[::]:443" })
  refuses(options.address, { "443", "ca.example.com", ":", ":0", ":65536", ":x", "::1:443x", "a b:443", "", 443 })
end)

tap.test("span", function()
  takes(options.span, { "5 years", "100 years", "1 day", "1200 months" })
  refuses(options.span, { "five years", "0 days", "5", "5 lightyears", "" })
  refuses(options.span, { "101 years", "1201 months", "99999 days" }, "at most 100 years")
  refuses(options.span, { 5, true, {} }, "text in quotes")
end)

tap.test("date gives the whole form", function()
  tap.equal(options.date "2026-11-23", "2026-11-23T00:00:00Z")
  tap.equal(options.date "2026-11-23T17:00:00Z", "2026-11-23T17:00:00Z")
  refuses(options.date, { "23.11.2026", "2026-02-30", "now", "" })
  refuses(options.date, { 20261123, {} }, "text in quotes")
end)

tap.test("duration gives what Go prints", function()
  for given, printed in pairs { ["24h"] = "24h0m0s", ["16h30m"] = "16h30m0s", ["90m"] = "1h30m0s", ["1.5h"] = "1h30m0s",
    ["500ms"] = "500ms" } do
    tap.equal(options.duration(given), printed, given)
  end
  refuses(options.duration, { "7d", "1 day", "24", "h", "" })
  refuses(options.duration, { "0s", "-1h", "0" }, "longer than nothing")
  refuses(options.duration, { 24, {} }, "text in quotes")
end)

tap.test("one of a set", function()
  local kind = options.one_of("RSA-3072", "P-256")
  takes(kind, { "RSA-3072", "P-256" })
  refuses(kind, { "RSA-3073" }, 'did you mean "RSA-3072"?')
  refuses(kind, { "Ed25519" }, "there is P-256, RSA-3072")
  refuses(options.one_of "the authority", { "the tree" }, 'must be "the authority"')
end)

tap.test("subject: a text is the common name", function()
  tap.same(options.subject "Example CA", { commonName = "Example CA" })
  takes(options.subject, { { commonName = "Example CA", country = "IT", organization = { "One", "Two" } },
    { commonName = "A", extraNames = { { type = "2.5.4.12", value = "Title" } } } })
  refuses(options.subject, { { commonname = "A" } }, 'did you mean "commonName"?')
  refuses(options.subject, { { commonName = "A", country = "Italy" } }, "two capital letters")
  refuses(options.subject, { { commonName = "A", country = "it" } }, "two capital letters")
  refuses(options.subject, { { commonName = ("x"):rep(65) }, { commonName = "A", organization = ("ü"):rep(65) } },
    "at most 64 characters")
  refuses(options.subject, { { commonName = { "A" } } }, "text in quotes")
  refuses(options.subject, { {}, 7, true, { "A" }, { commonName = "A", organization = false } })
  refuses(options.subject, { { commonName = "A", extraNames = { { type = "x", value = "y" } } } }, "object identifier")
end)

tap.test("options are checked strictly, in the order of their names", function()
  local definition = { from = { kind = options.media, required = true }, loud = { kind = options.boolean },
    key = { kind = options.artefact "key" } }
  local told = {}
  local function report(rule) told[#told + 1] = rule end
  local result = options.check(definition, { from = "a.key", key = "the key" }, report)
  tap.same(result, { from = "a.key", key = "the key" })
  tap.same(told, {})
  options.check(definition, { form = "a.key", loud = "yes", zzz = 1 }, report)
  tap.same(told, { 'has no option "form"; did you mean "from"?', 'option "loud" must be true or false',
    'has no option "zzz"; there is from, key, loud' })
  options.check(definition, { zzz = 1 }, report)
  tap.equal(told[5], 'wants the option "from"')
end)

tap.done()

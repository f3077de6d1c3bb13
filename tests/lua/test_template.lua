--- lua/template.lua: what the language is beyond Go 1.19, where errors stand, what is found, what is refused.
--- The language itself is in test_template_go.lua.

package.path = "lua/?.lua;tests/lua/?.lua;" .. package.path

local tap = require "tap"
local template = require "template"
local values = template.values

local function render(text, data, options)
  return template.compile(text, "t"):render(data or values.map {}, options)
end

local function gives(text, expected, data, options)
  tap.test(text:gsub("[\n#]", " "), function() tap.equal((render(text, data, options)), expected) end)
end

-- The error's whole text: "t:LINE:COLUMN: message", columns from 1.
local function fails(text, expected, data, options)
  tap.test(text:sub(1, 70):gsub("[\n#]", " ") .. " fails", function()
    local fine, raised = pcall(render, text, data, options)
    assert(not fine, "nothing was raised")
    tap.equal(tostring(raised), expected)
    tap.equal(raised.name .. ":" .. raised.line .. ":" .. raised.column .. ": " .. raised.message, expected)
  end)
end

-- Newer Go ------------------------------------------------------------------------------------------------------

gives("{{ range 3 }}{{ . }}{{ end }}", "012")
gives("{{ range $i := 2 }}{{ $i }}{{ else }}none{{ end }}", "01")
gives("{{ range 0 }}x{{ else }}none{{ end }}", "none")
gives("{{ with .a }}a{{ else with .b }}{{ . }}{{ else }}none{{ end }}", "B", values.map { b = "B" })
gives("{{ with .a }}a{{ else with .c }}{{ . }}{{ else }}none{{ end }}", "none", values.map { b = "B" })
fails("{{ with 1 }}{{ else if 2 }}{{ end }}", "t:1:4: expected end; found {{else if}}")
gives("{{ range list 1 2 }}{{ range list }}{{ else }}{{ break }}{{ end }}x{{ end }}.", ".")

-- Values --------------------------------------------------------------------------------------------------------

local sample = values.map {
  s = values.struct { { "A", 1 }, { "B", "b", json = "b", omit = true }, { "C", "", json = "c", omit = true },
    { "D", true, json = false }, type = "demo.S" },
  bytes = values.bytes "hi",
  key = values.typed "*rsa.PublicKey",
  list = values.list({ 1, values.null, "x" }),
  absent = values.nil_list "[]string",
  null = values.null,
  big = values.int64(7),
}

gives("{{ .s.A }} {{ .s }} {{ toJson .s }}", '1 {1 b  true} {"A":1,"b":"b"}', sample)
gives("{{ .bytes }} {{ toJson .bytes }} {{ printf `%s` .bytes }} {{ len .bytes }}", '[104 105] "aGk=" hi 2', sample)
gives("{{ typeOf .key }} {{ kindOf .key }} {{ typeIsLike `rsa.PublicKey` .key }}", "*rsa.PublicKey ptr true", sample)
gives("{{ .list }} {{ toJson .list }} {{ .absent }} {{ toJson .absent }}", '[1 <nil> x] [1,null,"x"] [] null', sample)
gives("{{ .big }} {{ typeOf .big }} {{ eq .big 7 }} {{ add .big 1 | typeOf }}", "7 int64 true int64", sample)
fails("{{ .s.Z }}", "t:1:4: can't evaluate field Z in type demo.S", sample)
fails("{{ trunc .big `x` }}", "t:1:10: wrong type for value; expected int; got int64", sample)
fails("{{ toJson .key }}", "t:1:4: error calling toJson: *rsa.PublicKey has no JSON here", sample)
fails("{{ .key }}", "t:1:4: *rsa.PublicKey does not print", sample)

-- Places --------------------------------------------------------------------------------------------------------

fails('a\n  {{ nosuch 1 }}', 't:2:6: function "nosuch" not defined')
fails('{ "subject": {{ toJson .Subject }', 't:1:33: unexpected "}" in operand')
fails("x\ny {{ if true }}", "t:2:16: unexpected EOF")
fails("x {{ .a", "t:1:8: unclosed action")
fails("{{ $x }}", 't:1:4: undefined variable "$x"')
fails("{{ /* c */ }}", 't:1:4: unexpected "/" in command')
fails("{{/* c }}", "t:1:3: unclosed comment")
fails("{{ 1a }}", 't:1:4: bad number syntax: "1a"')
fails("{{ \u{201C}x\u{201D} }}", "t:1:4: unrecognized character in action: U+201C '\u{201C}'")
fails("a\n\n {{ div 1 0 }}", "t:3:5: error calling div: runtime error: integer divide by zero")
fails("{{ define `T` }}\n{{ fail `deep` }}{{ end }}{{ template `T` }}", "t:2:4: deep")
fails("{{ template `nope` }}", 't:1:4: template "nope" not defined')
fails("{{ eq 1 1.0 }}", "t:1:4: error calling eq: incompatible types for comparison")
fails("{{ upper (list 1) }}", "t:1:11: wrong type for value; expected string; got []interface {}")

-- What is refused -----------------------------------------------------------------------------------------------

fails("{{ now }}", "t:1:4: error calling now: no time is given: a ceremony reads no clock")
fails("{{ toTime nil }}", "t:1:4: error calling toTime: no time is given: a ceremony reads no clock")
fails("{{ uuidv4 }}",
  't:1:4: function "uuidv4" is refused: its result is random, and a ceremony must be repeatable')
fails('{{ env "HOME" }}',
  't:1:4: function "env" is refused: it asks the machine or the network, and a template sees only its data')
fails('x {{ genCA "a" 1 }}', 't:1:6: function "genCA" is refused: it makes or uses secrets, and a template is text')
fails('{{ sha256sum "a" }}', 't:1:4: function "sha256sum" is refused: '
  .. "digests are not spoken in templates here; give the value ready made with --set")
fails([[{{ regexFind "\\pL" "x" }}]], [[t:1:4: error calling regexFind: \p classes are not spoken here: "\\pL"]])
fails("{{ upper `\u{1A1}` }}", "t:1:4: error calling upper: the case of U+01A1 is not known here")
fails("{{ dateInZone `2006` 0 `Europe/Rome` }}",
  't:1:4: error calling dateInZone: time zone "Europe/Rome" is not known here; use UTC')

-- A clock, when it is given ----------------------------------------------------------------------------------------

local clock = { now = "2026-11-23T10:00:00Z" }
gives("{{ now }}", "2026-11-23 10:00:00 +0000 UTC", nil, clock)
gives("{{ now | dateModify `-10m` | toJson }}", '"2026-11-23T09:50:00Z"', nil, clock)
gives("{{ (now.AddDate 0 1 0).Format `2006-01-02` }}", "2026-12-23", nil, clock)
gives("{{ formatTime nil }} {{ mustParseTime }} {{ ago (toTime 1795427000) }}",
  "2026-11-23T10:00:00Z 2026-11-23 10:00:00 +0000 UTC 16m40s", nil, clock)

-- Findings ------------------------------------------------------------------------------------------------------

local function finds(text, expected, data, options)
  tap.test(text:gsub("\n", " ") .. " finds " .. (expected[1] and expected[1].rule or "nothing"), function()
    local _, findings = render(text, data, options)
    tap.same(findings, expected)
  end)
end

local function unset(line, column, path)
  return { rule = "unset_variable", line = line, column = column, message = path .. " is not set" }
end

finds("{{ toJson .a }}", {}, values.map { a = 1 })
finds("{{ toJson .Nope }}", { unset(1, 11, ".Nope") })
finds("x\n{{ .Nope }}", { unset(2, 4, ".Nope") })
finds("{{ .a.b.c }}", { unset(1, 4, ".a.b") }, values.map { a = values.map {} })
finds("{{ $x := .Nope }}{{ $x | quote }}", { unset(1, 10, ".Nope") })
finds("{{ range list 1 2 3 }}{{ $.Nope }}{{ end }}", { unset(1, 26, ".Nope") })
finds("{{ coalesce .A .B | toJson }}", { unset(1, 13, ".A") })
finds("{{ index . `k` }}", { unset(1, 4, 'index "k"') })
finds("{{ dict `a` .Nope | toJson }}", { unset(1, 13, ".Nope") })
finds("{{ if .Nope }}{{ end }}{{ with .Nope }}{{ end }}{{ .Nope | default 1 }}{{ empty .Nope }}{{ or .Nope 1 }}", {})
finds("{{ if and .Nope (eq .Nope 1) }}{{ end }}{{ not .Nope }}{{ range .Nope }}{{ end }}", {})
finds("{{ .n }}", { { rule = "no_value", line = 1, column = 4, message = "prints <no value>" } },
  values.map { n = values.null })
finds("{{ dateInZone `2006` .t `UTC` }}", { {
  rule = "not_a_date", line = 1, column = 4, message = "float64 is no date to sprig, which takes the present time",
} }, values.map { t = 1.5e9 }, clock)

for text, rule in pairs {
  ["{{ date `2006` 0 }}"] = "local_zone",
  ["{{ parseTime `bad` }}"] = "bad_date",
  ["{{ dateModify `x` (toTime 0) }}"] = "bad_duration",
  ["{{ $x := fromJson `{` }}"] = "bad_json",
  ["{{ b64dec `!` }}"] = "bad_encoding",
  ["{{ regexMatch `(` `x` }}"] = "bad_pattern",
  ["{{ nospace `\u{E9}` }}"] = "mangled_text",
} do
  tap.test(text:gsub("\n", " ") .. " finds " .. rule, function()
    local _, findings = render(text)
    tap.equal(#findings, 1)
    tap.equal(findings[1].rule, rule)
  end)
end

-- A compiled template renders as often as one likes, and remembers nothing ------------------------------------------

tap.test("renders again", function()
  local compiled = template.compile("{{ $x := 1 }}{{ .a }}{{ $x }}", "t")
  tap.equal((compiled:render(values.map { a = "1" })), "11")
  local out, findings = compiled:render(values.map {})
  tap.equal(out, "<no value>1")
  tap.equal(#findings, 1)
  tap.equal(#select(2, compiled:render(values.map { a = 2 })), 0)
end)

tap.test("an interrupt of the host's goes on as it is", function()
  local interrupt = {}
  local data = setmetatable({}, { __index = function() error(interrupt, 0) end })
  local _, raised = pcall(render, "{{ .a }}", values.map(data))
  tap.equal(raised, interrupt)
end)

tap.done()

--- lua/template_run.lua: whatever a template says, it ends soon, small, and with an error of its own.

package.path = "lua/?.lua;tests/lua/?.lua;" .. package.path

local tap = require "tap"
local template = require "template"
local values = template.values

local STEPS, OUTPUT = "takes more than 200000 steps", "makes more than 1048576 bytes"
local DEPTH = "goes more than 100 levels deep"

local function stops(text, words, options)
  tap.test(text:sub(1, 70):gsub("\n", " ") .. " stops", function()
    local began = os.clock()
    local fine, raised = pcall(function() return template.compile(text, "t"):render(values.map {}, options) end)
    assert(not fine, "nothing was raised")
    assert(type(raised) == "table" and raised.line, tostring(raised))
    assert(raised.message:find(words, 1, true), raised.message)
    assert(os.clock() - began < 10, "it took " .. os.clock() - began .. " s")
  end)
end

local rep = string.rep

-- Without end
stops("{{ define `T` }}{{ template `T` }}{{ end }}{{ template `T` }}", DEPTH)
stops("{{ define `A` }}{{ template `B` }}{{ end }}{{ define `B` }}{{ template `A` }}{{ end }}{{ template `A` }}", DEPTH)
stops("{{ range until 1000000000 }}{{ end }}", STEPS)
stops("{{ range 1000000000 }}{{ end }}", STEPS)
stops("{{ range untilStep 0 1000000000 1 }}x{{ end }}", STEPS)
stops("{{ seq 1 1000000000 }}", STEPS)
stops("{{ range until 1000 }}{{ range until 1000 }}{{ end }}{{ end }}", STEPS)
stops("{{ range until 100 }}{{ end }}", "takes more than 50 steps", { steps = 50 })

-- Much out of little
stops("{{ repeat 1000000000 `x` }}", OUTPUT)
stops("{{ repeat 9223372036854775807 `xy` }}", OUTPUT)
stops("{{ indent 1000000000 `x` }}", OUTPUT)
stops("{{ $x := repeat 1000 `a` }}{{ replace `a` $x $x | replace `a` $x }}", "more than")
stops("{{ $x := repeat 1000 `a` }}{{ regexReplaceAll `a` (regexReplaceAll `a` $x $x) $x }}", "more than")
stops("{{ join (repeat 100000 `x`) (until 1000) }}", OUTPUT)
stops("{{ $x := `x` }}{{ range until 64 }}{{ $x = print $x $x }}{{ end }}", OUTPUT)
stops("{{ $x := `x` }}{{ range until 64 }}{{ $x = cat $x $x }}{{ end }}", OUTPUT)
stops("{{ $x := list 1 }}{{ range until 64 }}{{ $x = list $x $x }}{{ end }}{{ toJson $x }}", STEPS)
stops("{{ $x := list 1 }}{{ range until 64 }}{{ $x = list $x $x }}{{ end }}{{ $x }}", STEPS)
stops("{{ $x := list 1 }}{{ range until 64 }}{{ $x = concat $x $x }}{{ end }}", STEPS)
stops("{{ $x := list 1 }}{{ range until 64 }}{{ $x = list $x $x }}{{ end }}{{ deepEqual $x (deepCopy $x) }}", STEPS)
stops("{{ range until 10000 }}{{ repeat 1000 `x` }}{{ end }}", OUTPUT)
stops("{{ printf `%1000000000d` 1 }}", "too much")
stops("{{ printf `" .. rep("%99999d", 11) .. "`" .. rep(" 1", 11) .. " }}", OUTPUT)
stops("{{ repeat 20 `x` }}", "makes more than 10 bytes", { output = 10 })
stops("{{ $x := repeat 1000000 `x` }}{{ range until 10000 }}{{ $y := trim $x }}{{ end }}", STEPS)

-- Deep
stops("{{ " .. rep("(", 1000) .. "1" .. rep(")", 1000) .. " }}", "nests more than 150 levels deep")
stops(rep("{{ if 1 }}", 1000) .. rep("{{ end }}", 1000), "nests more than 150 levels deep")
stops("{{ if 0 }}" .. rep("{{ else if 0 }}", 1000) .. "{{ end }}", "nests more than 150 levels deep")
stops("{{ $x := dict }}{{ $_ := set $x `x` $x }}{{ toJson $x }}", DEPTH)
stops("{{ $x := dict }}{{ $_ := set $x `x` $x }}{{ $x }}", DEPTH)
stops("{{ $x := dict }}{{ $_ := set $x `x` $x }}{{ deepCopy $x }}", DEPTH)
stops("{{ $x := dict }}{{ $_ := set $x `x` $x }}{{ merge $x $x }}", DEPTH)
stops("{{ fromJson `" .. rep("[", 1000) .. rep("]", 1000) .. "` }}{{ mustFromJson `" .. rep("[", 1000) .. "` }}", DEPTH)
stops("{{ define `T` }}" .. rep("{{ if 1 }}", 140) .. "{{ template `T` }}" .. rep("{{ end }}", 140)
  .. "{{ end }}{{ template `T` }}", "goes")

-- Patterns that make a backtracking matcher run for years
stops("{{ mustRegexMatch `" .. rep("(", 1000) .. "` `x` }}", "nests too deeply")
stops("{{ mustRegexMatch `(((a{1000}){1000}){1000})` `x` }}", "regexp is too big")
stops("{{ mustRegexMatch `((a{100}){100})+b` (repeat 100000 `a`) }}", STEPS)

tap.test("a nested star on a long text", function()
  local began = os.clock()
  local text = "{{ regexMatch `(a*)*b` (repeat 2000 `a`) }}{{ regexMatch `(a|aa)+$` (repeat 2000 `a`) }}"
  tap.equal((template.compile(text, "t"):render(values.map {})), "falsetrue")
  assert(os.clock() - began < 10)
end)

-- Texts that are no templates: an error with a place, or a result; never anything else
tap.test("noise", function()
  local pieces = {
    "{{", "}}", "{{-", "-}}", "if", "end", "range", "else", "with", "define", "template", "block", "(", ")", "|", ".",
    "$", "$x", ":=", "=", ",", '"', '"a"', "`", "'", "/*", "*/", "1", "-1", "0x", "1e", "nil", "true", "list", "print",
    "index", ".a", "\n", " ", "\\", "\0", "\xFF", "\u{E9}", "\u{2028}", "break", "continue", "dict", "toJson",
  }
  local state = 12345
  local function random(n)
    state = (state * 1103515245 + 12345) & 0x7FFFFFFF
    return (state >> 8) % n + 1
  end
  for _ = 1, 20000 do
    local parts = { "{{ " }
    for i = 2, 1 + random(12) do parts[i] = pieces[random(#pieces)] .. (random(2) == 1 and " " or "") end
    parts[#parts + 1] = random(3) > 1 and " }}" or ""
    local text = table.concat(parts)
    local fine, raised = pcall(function() return template.compile(text, "t"):render(values.map { a = 1 }) end)
    if not fine and not (type(raised) == "table" and raised.line) then
      error(("%q gives %s"):format(text, tostring(raised)))
    end
  end
end)

tap.done()

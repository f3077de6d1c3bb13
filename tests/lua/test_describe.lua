--- lua/describe.lua and its sandbox: what a script may say, and that nothing else is in its reach.

local host = require "host"
local scratch = require "scratch"
local tap = require "tap"

local VERBS = { "say", "generate" }
local HEAD = 'ceremony "A" { version = "1" }\n'

local function describe(text) return host.script.describe(scratch.write("script.lua", text), VERBS).description end

--- The script is refused: at that line (nil: at none), with a text that has these words.
local function refused(text, line, words)
  local fine, problem = pcall(describe, text)
  if fine then error("was taken: " .. text:sub(1, 80), 2) end
  local place = line and (":%d: "):format(line) or ": "
  local got = problem:sub(#scratch.folder + #"/script.lua" + 1)
  if got:sub(1, #place) ~= place or not got:find(words, 1, true) then
    error(("%s, expected %s%s"):format(problem, place, words), 2)
  end
end

tap.test("a description has what was said, with lines, and nothing else", function()
  local said = describe(HEAD .. [[
people { operator = 1 }
stations { ca = "a machine" }

step "One" { at = "ca",
  say "hello",
  generate "key" {
    kind = "P-256",
  },
}
]])
  tap.same(said, {
    ceremony = { title = "A", line = 1, options = { version = "1" } },
    people = { line = 2, entries = { operator = 1 } },
    stations = { line = 3, entries = { ca = "a machine" } },
    steps = { { title = "One", line = 5, options = { at = "ca" }, words = {
      { verb = "say", name = "hello", line = 6 },
      { verb = "generate", name = "key", line = 7, options = { kind = "P-256" } },
    } } },
  })
end)

tap.test("order of words is the script's; locals, loops and functions of its own may be used", function()
  local said = describe(HEAD .. [[
local function greet(name) return say("hello, " .. name) end
local words = { at = "ca" }
for n = 1, 3 do words[n] = greet("number " .. n) end
step "One" (words)
]])
  for n, word in ipairs(said.steps[1].words) do tap.equal(word.name, "hello, number " .. n) end
  tap.equal(#said.steps[1].words, 3)
  tap.equal(said.steps[1].words[2].line, 4, "a tail call leaves the line of its caller")
end)

tap.test("no global of Lua's is there", function()
  for name in pairs(_G) do refused("\nlocal x = " .. name .. "\n", 2, ('unknown word "%s"'):format(name)) end
  refused("local x = debug", 1, 'unknown word "debug"')
  refused("local x = host", 1, 'unknown word "host"')
end)

tap.test("no method of a text is there", function()
  for name in pairs(string) do
    refused(('\n\nlocal x = ("x").%s\n'):format(name), 3,
      ('a text has no methods here ("%s" was asked of it)'):format(name))
  end
  refused('local x = ("x") + 1', 1, "arithmetic on a string value")
  refused('local x = -"1"', 1, "arithmetic on a string value")
end)

tap.test("the environment cannot be changed, and what is put over it has nothing", function()
  refused("_ENV.say = 1", 1, '"say" cannot be set')
  refused("_ENV = {}\nsay 'x'", 2, "attempt to call a nil value")
  refused("local _ENV = {}\nprint 'x'", 2, "attempt to call a nil value")
  refused("for name in _ENV do end", 1, "attempt to call a table value")
end)

tap.test("what a word gives back is closed", function()
  for _, use in ipairs { "w.verb = 'x'", "local x = w.verb", "local x = w[1]", "w[1] = 2" } do
    refused("local w = say 'x'\n" .. use, 2, "say cannot be read or changed")
  end
  refused("local w = say 'x'\nlocal x = #w + w", 2, "arithmetic")
  refused("local w = step 'x'\nlocal x = w.title", 2, "step cannot be read or changed")
end)

tap.test("the word that was said last is named where Lua has left no line", function()
  refused("\nreturn say(7)", nil, "say wants a text")
end)

tap.test("bounds: instructions", function()
  describe(HEAD .. "local n = 0\nfor i = 1, 1000000 do n = n + 1 end\n")
  refused("\nwhile true do end", 2, "more than 20000000 steps")
  refused("\nlocal function f() return f() end\nf()", 2, "more than 20000000 steps")
  refused("\nfor i = 1, 1e18 do local x = i end", 2, "more than 20000000 steps")
end)

tap.test("bounds: memory and depth", function()
  describe(HEAD .. "local t = {}\nfor i = 1, 100000 do t[i] = i end\n")
  local kept = "local x, t = 'x', {}\nfor i = 1, 20 do x = x .. x end\nfor i = 1, %d do\nt[i] = x .. i\nend\n"
  describe(kept:format(40) .. HEAD)
  refused(kept:format(80), 4, "more than 64 MiB")
  refused("local x = 'x'\nwhile true do\nx = x .. x\nend", 3, "more than 64 MiB")
  refused("local t = {}\nfor i = 1, 1e9 do\nt[i] = {}\nend", 3, "more than 64 MiB")
  refused("local function f(n)\nreturn 1 + f(n)\nend\nf(1)", 2, "")
  refused(("("):rep(300) .. "1" .. (")"):rep(300), nil, "brackets in brackets")
end)

tap.test("bounds: values of a script, and how deep and long they are", function()
  local function nested(depth) return ("{ "):rep(depth) .. '"x"' .. (" }"):rep(depth) end
  describe(('step "One" { at = "ca",\n say "x" { a = %s } }'):format(nested(8)))
  refused(('step "One" { at = "ca",\n say "x" { a = %s } }'):format(nested(9)), 2, "tables more than 8 deep")
  local many = 'local many = {}\nfor i = 1, %d do many[i] = 1 end\nstep "One" { at = "ca",\n say "x" { a = many } }'
  describe(many:format(9000))
  refused(many:format(10000), 4, "more than 10000 things")
  local long = 'local long = "x"\nfor i = 1, %d do long = long .. long end\nstep "One" { at = "ca",\n say(long) }'
  describe(long:format(19))
  refused(long:format(20), 4, "more than 1024 KiB of text")
  refused(("-"):rep((1 << 20) + 1), nil, "longer than 1024 KiB")
end)

tap.test("values are texts, whole numbers, true, false, and tables of these", function()
  local step = 'step "One" { at = "ca",\n say "x" { a = %s } }'
  for _, value in ipairs { '"x"', "7", "true", "false", "{}", "{ 1, 2 }", "{ a = 1 }" } do
    describe(step:format(value))
  end
  for value, words in pairs { ["1.5"] = "a number with a fraction", ["1/0"] = "fraction", say = "a function",
    ["{ 1, a = 2 }"] = "mixes names and a list", ["{ 1, nil, 3 }"] = "a hole", ["{ [1.5] = 1 }"] = "a number as a name",
    ["{ [true] = 1 }"] = "true or false as a name", ["{ [2] = 1 }"] = "a hole", ['"\\xff"'] = "not UTF-8",
    ['{ ["\\xff"] = 1 }'] = "not UTF-8", ["{ { say } }"] = "a function", ['{ say "y" }'] = "is a word" } do
    refused(step:format(value), 2, words)
  end
end)

tap.test("a script that failed leaves nothing to the next", function()
  pcall(describe, "while true do end")
  tap.equal(describe(HEAD).ceremony.title, "A")
  tap.equal(("x"):rep(2), "xx")
end)

local function shell(command)
  assert(os.execute(("cd '%s' && { %s; }"):format(scratch.folder, command)), command)
end

tap.test("a template lies below its script, and no link leads to it", function()
  shell "mkdir -p other/deep script/own/deep && echo secret >other/deep/x.tpl && echo own >script/own/deep/x.tpl"
  shell "ln -s ../other script/linked && ln -s ../../other/deep script/own/linked && ln -s deep/x.tpl script/own/x.tpl"
  shell "ln -s script also && echo top >script/top.tpl"
  local script = scratch.folder .. "/script/script.lua"
  tap.equal(host.script.template(script, "own/deep/x.tpl"), "own\n")
  tap.equal(host.script.template(script, "top.tpl"), "top\n")
  tap.equal(host.script.template(scratch.folder .. "/also/script.lua", "own/deep/x.tpl"), "own\n")
  tap.raises("linked is no folder, and links are not followed", host.script.template, script, "linked/deep/x.tpl")
  tap.raises("linked is no folder, and links are not followed", host.script.template, script, "own/linked/x.tpl")
  tap.raises("script/own/x.tpl: is a symbolic link", host.script.template, script, "own/x.tpl")
  tap.raises("script/own/deep: not a regular file", host.script.template, script, "own/deep")
  tap.raises("script/no/x.tpl: cannot be opened: No such file", host.script.template, script, "no/x.tpl")
  tap.raises("script/own/no.tpl: cannot be opened: No such file", host.script.template, script, "own/no.tpl")
end)

tap.test("a script without a folder has its templates in the working folder", function()
  tap.equal(host.script.template("script.lua", "tests/golden/templates/empty-object.tpl"),
    tap.read "tests/golden/templates/empty-object.tpl")
  tap.raises("nowhere.tpl: cannot be opened", host.script.template, "script.lua", "nowhere.tpl")
end)

tap.done()

-- Where things stand in a script's text.

package.path = "lua/?.lua;tests/lua/?.lua;" .. package.path

local source = require "source"
local tap = require "tap"

local TEXT = [==[
-- say { at = 1 } -- [[ not long
step "One" { at = "ca", -- }
  say [[ } two
lines ]],
  request "a \" { " { key = "k",
    subject = { key = "not this one",
      at = 3 },
    template = 'x.tpl', ["with"] = 2, with, 3,
    under
      = "u",
  },
  say("x"), compare "p" { with = 1 }, import "i" { from = "f" }
}
--[=[ { ]] { ]=] { "{" '{' [[{]]
]==]

local pieces = source.pieces(TEXT)

tap.test("the line of an option", function()
  for option, line in pairs { key = 5, subject = 6, template = 8, under = 9 } do
    tap.equal(source.option_line(pieces, "request", 5, option), line)
  end
  tap.equal(source.option_line(pieces, "step", 2, "at"), 2)
end)

tap.test("what is not to be seen has no line", function()
  for _, asked in ipairs { { "request", 5, "with" }, { "request", 5, "at" }, { "request", 6, "key" },
    { "say", 3, "at" }, { "say", 12, "at" }, { "compare", 12, "from" }, { "say", 1, "at" }, { "nothing", 1, "at" } } do
    tap.equal(source.option_line(pieces, table.unpack(asked)), nil)
  end
end)

tap.test("the brace that nothing closes", function()
  tap.equal(source.unclosed(TEXT), 14)
  tap.equal(source.unclosed "{\n{ '}' }\n", 1)
  tap.equal(source.unclosed "a { b { } }", nil)
  tap.equal(source.unclosed "}}", nil)
end)

tap.test("texts and comments that have no end", function()
  for _, text in ipairs { '{ "a', "{ [[a", "{ --[[a", "{ --", "{ '\\", "{ [==[ ]=]" } do
    tap.equal(source.unclosed(text), 1)
  end
end)

tap.test("what stands in the way of reading a line", function()
  tap.equal(source.strange('a\nsay \u{201C}x\u{201D}', 2),
    '\u{201C} is a typographic quote; write straight ones: "..."')
  tap.equal(source.strange("\u{2014} x", 1), "\u{2014} (U+2014) stands outside of quotes")
  tap.equal(source.strange("a\nb \u{201C}", 1), nil)
end)

tap.done()

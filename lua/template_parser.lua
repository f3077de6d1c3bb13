-- Tokens into a tree, as Go's text/template/parse does it. Nodes are tables with `kind` and `at` (byte offset):
--   text {text}  action {pipe}  if/with/range {pipe, list, otherwise}  template {name, pipe}  break  continue
--   pipe {variables, assigns, commands}  command {operands}
--   field {names}  variable {name, names}  chain {node, names}  call {name}  dot  nil  bool  number  string
local lexer = require "template_lexer"
local literal = require "template_literal"

local parser = {}
parser.__index = parser

local NESTING = 150 -- of actions and parentheses; well inside what Lua's stack takes

local function fail(self, at, form, ...)
  self.lexer:fail(at, select("#", ...) > 0 and string.format(form, ...) or form)
end

local function peek(self)
  if not self.ahead[1] then self.ahead[1] = self.lexer:next() end
  return self.ahead[1]
end

local function advance(self)
  local item = peek(self)
  table.remove(self.ahead, 1)
  return item
end

local function back(self, ...)
  for i = select("#", ...), 1, -1 do table.insert(self.ahead, 1, (select(i, ...))) end
end

local function peek_word(self)
  while peek(self).kind == "space" do advance(self) end
  return peek(self)
end

local function next_word(self)
  peek_word(self)
  return advance(self)
end

local function unexpected(self, item, context)
  fail(self, item.at, "unexpected %s in %s", lexer.show(item), context)
end

local function expect(self, kind, context)
  local item = next_word(self)
  if item.kind ~= kind then unexpected(self, item, context) end
  return item
end

local function deeper(self, at)
  self.level = self.level + 1
  if self.level > NESTING then fail(self, at, "nests more than %d levels deep", NESTING) end
end

local pipeline, item_list

-- Terms ---------------------------------------------------------------------------------------------------------

local function use_variable(self, item)
  local known = self.variables
  for i = #known, 1, -1 do
    if known[i] == item.text then return { kind = "variable", at = item.at, name = item.text, names = {} } end
  end
  return fail(self, item.at, 'undefined variable "%s"', item.text)
end

local function use_function(self, item)
  local known, refusal = self.library(item.text)
  if refusal then fail(self, item.at, 'function "%s" is refused: %s', item.text, refusal) end
  if not known then fail(self, item.at, 'function "%s" not defined', item.text) end
  return { kind = "call", at = item.at, name = item.text }
end

local function read_literal(self, item, reader)
  local value, reason = reader(item.text)
  if value == nil then fail(self, item.at, reason) end
  return value
end

local TERMS = {}

function TERMS.identifier(self, item)
  return use_function(self, item)
end

function TERMS.variable(self, item)
  return use_variable(self, item)
end

function TERMS.dot(_, item)
  return { kind = "dot", at = item.at }
end

TERMS["nil"] = function(_, item)
  return { kind = "nil", at = item.at }
end

function TERMS.field(_, item)
  return { kind = "field", at = item.at, names = { string.sub(item.text, 2) } }
end

function TERMS.bool(_, item)
  return { kind = "bool", at = item.at, value = item.text == "true" }
end

function TERMS.number(self, item)
  local number = read_literal(self, item, literal.number)
  number.kind, number.at = "number", item.at
  return number
end

function TERMS.character(self, item)
  local code = read_literal(self, item, literal.character)
  return { kind = "number", at = item.at, text = item.text, int = code, float = code + 0.0 }
end

function TERMS.string(self, item)
  return { kind = "string", at = item.at, text = item.text, value = read_literal(self, item, literal.string) }
end

TERMS["raw string"] = function(_, item)
  return { kind = "string", at = item.at, text = item.text, value = literal.raw(item.text) }
end

TERMS["("] = function(self, item)
  deeper(self, item.at)
  local pipe = pipeline(self, "parenthesized pipeline", ")")
  self.level = self.level - 1
  return pipe
end

local LITERALS = { bool = true, string = true, number = true, ["nil"] = true, dot = true }
local NAMES = { ["nil"] = "nil", dot = "." }

-- A term and the fields that follow it without a space.
local function operand(self)
  local item = peek_word(self)
  if not TERMS[item.kind] then return nil end
  local node = TERMS[item.kind](self, advance(self))
  if peek(self).kind ~= "field" then return node end
  if LITERALS[node.kind] then
    fail(self, peek(self).at, "unexpected . after term %q", NAMES[node.kind] or node.text or tostring(node.value))
  end
  if not node.names then node = { kind = "chain", at = peek(self).at, node = node, names = {} } end
  while peek(self).kind == "field" do
    node.names[#node.names + 1] = string.sub(advance(self).text, 2)
  end
  return node
end

-- Pipelines -----------------------------------------------------------------------------------------------------

local function command(self)
  local node = { kind = "command", at = peek_word(self).at, operands = {} }
  while true do
    local argument = operand(self)
    node.operands[#node.operands + 1] = argument
    local item = advance(self)
    if item.kind == "close" or item.kind == ")" then
      back(self, item)
      break
    end
    if item.kind == "pipe" then break end
    if item.kind ~= "space" then unexpected(self, item, "operand") end
  end
  if #node.operands == 0 then fail(self, node.at, "empty command") end
  return node
end

local function declare(self, pipe, item)
  pipe.variables[#pipe.variables + 1] = item.text
  self.variables[#self.variables + 1] = item.text
end

-- "$x :=", "$x =" and, for range, "$i, $x :=".
local function declarations(self, pipe, context)
  while peek_word(self).kind == "variable" do
    local item = advance(self)
    local after = peek(self)
    local mark = peek_word(self)
    if mark.kind == "declare" or mark.kind == "assign" then
      advance(self)
      pipe.assigns = mark.kind == "assign"
      if pipe.assigns then use_variable(self, item) end
      declare(self, pipe, item)
      return
    end
    if not (mark.kind == "char" and mark.text == ",") then
      if after.kind == "space" then back(self, item, after) else back(self, item) end
      return
    end
    advance(self)
    declare(self, pipe, item)
    if context ~= "range" or #pipe.variables > 1 then
      fail(self, mark.at, "too many declarations in %s", context)
    end
    if peek_word(self).kind ~= "variable" then fail(self, mark.at, "range can only initialize variables") end
  end
end

local function check_pipeline(self, pipe, context)
  if #pipe.commands == 0 then fail(self, pipe.at, "missing value for %s", context) end
  for i, stage in ipairs(pipe.commands) do
    if i > 1 and LITERALS[stage.operands[1].kind] then
      fail(self, stage.at, "non executable command in pipeline stage %d", i)
    end
  end
end

-- Up to and with its end: "close" for an action, ")" for parentheses.
function pipeline(self, context, stop)
  local pipe = { kind = "pipe", at = peek_word(self).at, variables = {}, assigns = false, commands = {} }
  declarations(self, pipe, context)
  while true do
    local item = next_word(self)
    if item.kind == stop then
      check_pipeline(self, pipe, context)
      return pipe
    end
    if not TERMS[item.kind] then unexpected(self, item, context) end
    back(self, item)
    pipe.commands[#pipe.commands + 1] = command(self)
  end
end

-- Actions -------------------------------------------------------------------------------------------------------

local function forget_variables(self, mark)
  for i = #self.variables, mark + 1, -1 do self.variables[i] = nil end
end

local CONTROLS = {}

-- {{else}}, or {{else if}}/{{else with}} as the same control nested in it, which shares the {{end}}.
local function otherwise(self, node)
  local chained = self.chained
  self.chained = nil
  if chained and chained ~= node.kind then
    fail(self, node.at, "expected end; found {{else %s}}", chained)
  end
  if chained then
    node.otherwise = { CONTROLS[chained](self, { at = self.chained_at }) }
    return
  end
  local stop
  node.otherwise, stop = item_list(self, node.kind)
  if stop.kind ~= "end" then fail(self, stop.at, "expected end; found {{else}}") end
end

local function control(kind)
  return function(self, item)
    deeper(self, item.at)
    local mark = #self.variables
    local node = { kind = kind, at = item.at }
    node.pipe = pipeline(self, kind, "close")
    if kind == "range" then self.ranges = self.ranges + 1 end
    local stop
    node.list, stop = item_list(self, kind)
    if kind == "range" then self.ranges = self.ranges - 1 end
    if stop.kind == "else" then otherwise(self, node) end
    forget_variables(self, mark)
    self.level = self.level - 1
    return node
  end
end

CONTROLS["if"], CONTROLS.with, CONTROLS.range = control "if", control "with", control "range"

local function jump(self, item)
  if self.ranges == 0 then fail(self, item.at, "{{%s}} outside {{range}}", item.text) end
  expect(self, "close", "{{" .. item.text .. "}}")
  return { kind = item.kind, at = item.at }
end

CONTROLS["break"], CONTROLS["continue"] = jump, jump

CONTROLS["end"] = function(self, item)
  expect(self, "close", "end")
  return { kind = "end", at = item.at }
end

CONTROLS["else"] = function(self, item)
  local follower = peek_word(self).kind
  if follower == "if" or follower == "with" then
    self.chained, self.chained_at = follower, advance(self).at
  else
    expect(self, "close", "else")
  end
  return { kind = "else", at = item.at }
end

local function template_name(self, context)
  local item = next_word(self)
  if item.kind ~= "string" and item.kind ~= "raw string" then unexpected(self, item, context) end
  return TERMS[item.kind](self, item).value, item.at
end

function CONTROLS.template(self, item)
  local name = template_name(self, "template clause")
  local node = { kind = "template", at = item.at, name = name }
  if peek_word(self).kind ~= "close" then
    node.pipe = pipeline(self, "template clause", "close")
  else
    advance(self)
  end
  return node
end

local function is_blank(list)
  for _, node in ipairs(list) do
    if node.kind ~= "text" or string.find(node.text, "[^ \t\r\n]") then return false end
  end
  return true
end

local function define(self, name, at, list)
  local known = self.templates[name]
  if known and not is_blank(known) then
    if is_blank(list) then return end
    fail(self, at, "multiple definition of template %q", name)
  end
  self.templates[name] = list
end

-- The body of a define or block: its own variables, and no range of the outside reaches in.
local function body(self, name, at, context)
  local variables, ranges = self.variables, self.ranges
  self.variables, self.ranges = { "$" }, 0
  deeper(self, at)
  local list, stop = item_list(self, context)
  if stop.kind ~= "end" then fail(self, stop.at, "unexpected {{else}} in %s", context) end
  self.level = self.level - 1
  self.variables, self.ranges = variables, ranges
  define(self, name, at, list)
end

function CONTROLS.block(self, item)
  local name = template_name(self, "block clause")
  local pipe = pipeline(self, "block clause", "close")
  body(self, name, item.at, "block clause")
  return { kind = "template", at = item.at, name = name, pipe = pipe }
end

local function action(self)
  local item = peek_word(self)
  if CONTROLS[item.kind] then return CONTROLS[item.kind](self, advance(self)) end
  return { kind = "action", at = item.at, pipe = pipeline(self, "command", "close") }
end

local function text_or_action(self)
  local item = advance(self)
  if item.kind == "text" then return { kind = "text", at = item.at, text = item.text } end
  if item.kind == "open" then return action(self) end
  return unexpected(self, item, "input")
end

function item_list(self)
  local list = {}
  while peek(self).kind ~= "end of text" do
    local node = text_or_action(self)
    if node.kind == "end" or node.kind == "else" then return list, node end
    list[#list + 1] = node
  end
  return fail(self, peek(self).at, "unexpected EOF")
end

local function definition(self, item)
  local name = template_name(self, "define clause")
  expect(self, "close", "define clause")
  body(self, name, item.at, "define clause")
end

-- All templates of a text by name; the text's own is under `name`. `library(function_name)` returns whether the
-- function is known, and a reason where it is refused.
function parser.parse(name, text, library)
  local self = setmetatable({
    lexer = lexer.new(name, text), library = library, ahead = {}, variables = { "$" }, templates = {},
    level = 0, ranges = 0,
  }, parser)
  local root = {}
  while peek(self).kind ~= "end of text" do
    local open = advance(self)
    local item = open.kind == "open" and peek_word(self)
    if item and item.kind == "define" then
      definition(self, advance(self))
    else
      back(self, open)
      local node = text_or_action(self)
      if node.kind == "end" or node.kind == "else" then fail(self, node.at, "unexpected {{%s}}", node.kind) end
      root[#root + 1] = node
    end
  end
  define(self, name, 1, root)
  self.templates[name] = self.templates[name] or root
  return self.templates
end

return parser

-- Go's text/template with sprig and step's functions, as step's X.509 templates use them.
--
--   local compiled = template.compile(text, name)
--   local out, findings = compiled:render(template.data { subject = ..., request = ... }, options)
--
-- Both raise { name, line, column, message }; tostring gives "name:line:column: message".
-- options: steps, depth, output (bounds), now (RFC 3339, for date functions; without it `now` is an error).
-- findings: a list of { rule, line, column, message } for what step takes silently:
--   unset_variable  something that is not set was printed or handed to a function
--   no_value        <no value> was printed
--   not_a_date, local_zone, bad_date, bad_duration, bad_json, bad_encoding, bad_pattern, mangled_text
local data = require "template_data"
local exec = require "template_exec"
local functions = require "template_functions"
local parser = require "template_parser"
local problem = require "template_problem"
local run = require "template_run"
local values = require "template_values"

local template = { values = values, data = data.tree }
values.subject = data.subject

local Compiled = {}
Compiled.__index = Compiled

function template.compile(text, name)
  name = name or "template"
  return setmetatable({ text = text, name = name, templates = parser.parse(name, text, functions.known) }, Compiled)
end

-- A problem gets its place; what is no problem of the template's (an interrupt of the host's) goes on as it is.
local function decorate(self, state, reason)
  if type(reason) == "string" and string.find(reason, "stack overflow", 1, true) then
    reason = { message = "goes too deep" }
  elseif not problem.is(reason) or reason.line then
    error(reason, 0)
  end
  local message = reason.message
  if state.calling and not reason.bare then message = "error calling " .. state.calling .. ": " .. message end
  problem.raise_at(self.name, self.text, state.at or 1, message)
end

function Compiled:render(tree, options)
  local state = run.new(self.text, options)
  local done, out = pcall(exec.render, state, self.templates, functions.declared, self.name, tree)
  if not done then decorate(self, state, out) end
  return out, state.findings
end

return template

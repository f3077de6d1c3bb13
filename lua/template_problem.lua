-- A problem with a template: what went wrong and where. Everything that the template modules raise is one of these.
local problem = {}

local Problem = { __name = "template problem" }
Problem.__tostring = function(self)
  if not self.line then return self.message end
  return string.format("%s:%d:%d: %s", self.name, self.line, self.column, self.message)
end

-- Raise without a place; whoever knows the place adds it on the way up.
function problem.raise(form, ...)
  local message = select("#", ...) > 0 and string.format(form, ...) or form
  error(setmetatable({ message = message }, Problem), 0)
end

-- The template itself says what is wrong: its words stand alone, as in step.
function problem.refuse(message)
  error(setmetatable({ message = message, bare = true }, Problem), 0)
end

function problem.is(value)
  return getmetatable(value) == Problem
end

-- The line and column (both from 1, columns in bytes) of a byte offset (from 1) in a text.
function problem.place(text, offset)
  local line, start = 1, 1
  while true do
    local newline = string.find(text, "\n", start, true)
    if not newline or newline >= offset then break end
    line, start = line + 1, newline + 1
  end
  return line, offset - start + 1
end

function problem.raise_at(name, text, offset, message)
  local line, column = problem.place(text, offset)
  error(setmetatable({ name = name, line = line, column = column, message = message }, Problem), 0)
end

return problem

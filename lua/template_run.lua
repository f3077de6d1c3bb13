-- One rendering: its bounds, its findings, its clock. Functions that can make much out of little ask it first.
local problem = require "template_problem"

local run = {}
run.__index = run

local STEPS, DEPTH, OUTPUT = 200000, 100, 1 << 20

function run.new(source, options)
  options = options or {}
  return setmetatable({
    source = source,
    limit = options.steps or STEPS,
    steps = 0,
    depth = options.depth or DEPTH,
    output = options.output or OUTPUT,
    now = options.now,
    findings = {},
    found = {},
  }, run)
end

function run:spend(n)
  self.steps = self.steps + n
  if self.steps > self.limit then problem.raise("takes more than %d steps", self.limit) end
end

-- May a text have `n` bytes?
function run:fits(n)
  if n > self.output then problem.raise("makes more than %d bytes", self.output) end
end

-- Ask before making a text of `n` bytes; a step pays for 64 of them.
function run:grow(n)
  self:fits(n)
  self:spend(n // 64)
end

-- Ask before going `level` deep into templates or values.
function run:nest(level)
  if level > self.depth then problem.raise("goes more than %d levels deep", self.depth) end
end

-- Note something that step takes silently; the same thing at the same place only once.
function run:find(rule, at, message)
  at = at or self.at or 1
  local key = string.format("%s:%d:%s", rule, at, message)
  if self.found[key] then return end
  self.found[key] = true
  local line, column = problem.place(self.source, at)
  self.findings[#self.findings + 1] = { rule = rule, line = line, column = column, message = message }
end

return run

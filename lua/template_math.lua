-- sprig's arithmetic. Its "VERY basic arithmetic" is on int64, whatever comes in; strings are read as numbers, and
-- what is none counts as 0.
local format = require "template_format"
local literal = require "template_literal"
local problem = require "template_problem"
local values = require "template_values"

local function truncate(float)
  local whole = float < 0 and math.ceil(float) or math.floor(float)
  return math.tointeger(whole) or math.mininteger
end

-- cast.ToInt64; a text is a Go literal (0x1F, 017), trailing zero decimals fall off.
local function to_int(v)
  local n = values.integer(v)
  if n then return n end
  if math.type(v) == "float" then return truncate(v) end
  if v == true then return 1 end
  if type(v) ~= "string" then return 0 end
  local number = literal.number((string.gsub(v, "%.0*$", "")))
  return number and not number.written_as_float and number.int or 0
end

local function to_float(v)
  if type(v) == "number" then return v + 0.0 end
  local n = values.integer(v)
  if n then return n + 0.0 end
  if v == true then return 1.0 end
  local number = type(v) == "string" and string.match(v, "^[%d.+-]") and literal.number(v)
  local hexadecimal = number and string.find(v, "[xXoObB]") and not number.written_as_float
  return number and not hexadecimal and not string.find(v, "_") and number.float or 0.0
end

local function fold(start, step)
  return function(first, ...)
    local total = start and step(start, to_int(first)) or to_int(first)
    for _, v in ipairs { ... } do total = step(total, to_int(v)) end
    return total
  end
end

local function add(...)
  local total = 0
  for _, v in ipairs { ... } do total = total + to_int(v) end
  return total
end

local function divisor(v)
  local n = to_int(v)
  if n == 0 then problem.raise("runtime error: integer divide by zero") end
  return n
end

-- Go's division goes towards zero.
local function divide(a, b)
  local n, d = to_int(a), divisor(b)
  local whole = n // d
  if whole < 0 and whole * d ~= n then whole = whole + 1 end
  return whole
end

local function modulo(a, b)
  return math.fmod(to_int(a), divisor(b))
end

-- sprig's float functions work on decimals, so that 0.1 + 0.2 is 0.3: 15 digits of the double say the same.
local function decimal(float)
  return tonumber(string.format("%.15g", float)) + 0.0
end

local function fold_float(step, rounds_itself)
  return function(first, ...)
    local total = to_float(first)
    for _, v in ipairs { ... } do
      total = step(total, to_float(v))
      if not rounds_itself then total = decimal(total) end
    end
    return total
  end
end

local function divide_float(a, b)
  if b == 0 then problem.raise("decimal division by 0") end
  return tonumber(string.format("%.16f", a / b))
end

local function round(v, places, on)
  local power = 10.0 ^ places
  local digit = power * to_float(v)
  local whole = digit < 0 and math.ceil(digit) or math.floor(digit)
  local up = digit - whole >= (on or 0.5)
  return (up and math.ceil(digit) or math.floor(digit)) / power
end

local function until_step(run, from, to, step)
  local items = {}
  if step == 0 or (to - from) * step <= 0 then return values.list(items, "[]int") end
  run:spend(math.abs((to - from) // step))
  for i = from, to - (step > 0 and 1 or -1), step do items[#items + 1] = i end
  return values.list(items, "[]int")
end

local function seq_bounds(...)
  local a, b, c = ...
  local count = select("#", ...)
  if count == 1 then return 1, a, a < 1 and -1 or 1 end
  if count == 2 then return a, b, b < a and -1 or 1 end
  if count == 3 and not (c < a and b > 0) then return a, c, b end
  return nil
end

local function seq(run, ...)
  local from, to, step = seq_bounds(...)
  if not from then return "" end
  local text = format.value(run, until_step(run, from, to + (to < from and -1 or 1), step))
  return string.sub(text, 2, -2)
end

local function counted(run, count)
  return until_step(run, 0, count, count < 0 and -1 or 1)
end

local function octal(run, v)
  local text = format.value(run, v)
  return string.match(text, "^[+-]?[0-7]+$") and tonumber(text, 8) or 0
end

local function atoi(text)
  return string.match(text, "^[+-]?%d+$") and math.tointeger(tonumber(text)) or 0
end

return {
  int = { "any -> int", to_int },
  int64 = { "any -> int64", to_int },
  float64 = { "any -> float64", to_float },
  atoi = { "string -> int", atoi },
  toDecimal = { "run any -> int64", octal },

  add = { "any... -> int64", add },
  add1 = { "any -> int64", function(v) return to_int(v) + 1 end },
  sub = { "any any -> int64", function(a, b) return to_int(a) - to_int(b) end },
  mul = { "any any... -> int64", fold(nil, function(a, b) return a * b end) },
  div = { "any any -> int64", divide },
  mod = { "any any -> int64", modulo },
  max = { "any any... -> int64", fold(nil, math.max) },
  biggest = { "any any... -> int64", fold(nil, math.max) },
  min = { "any any... -> int64", fold(nil, math.min) },

  add1f = { "any -> float64", function(v) return decimal(to_float(v) + 1) end },
  addf = { "any... -> float64", function(...) return fold_float(function(a, b) return a + b end)(0.0, ...) end },
  subf = { "any any... -> float64", fold_float(function(a, b) return a - b end) },
  mulf = { "any any... -> float64", fold_float(function(a, b) return a * b end) },
  divf = { "any any... -> float64", fold_float(divide_float, true) },
  maxf = { "any any... -> float64", fold_float(math.max) },
  minf = { "any any... -> float64", fold_float(math.min) },
  ceil = { "any -> float64", function(v) return math.ceil(to_float(v)) + 0.0 end },
  floor = { "any -> float64", function(v) return math.floor(to_float(v)) + 0.0 end },
  round = { "any int float64... -> float64", round },

  ["until"] = { "run int -> any", counted },
  untilStep = { "run int int int -> any", until_step },
  seq = { "run int... -> string", seq },
}

--- What a script may say. This module runs in a state of its own, with the script's text, and ends before
--- anything is done: what it returns is plain tables (DESIGN section 2). It knows the verbs by name only;
--- words.lua knows what they mean.
---
--- The environment of a script holds these words and nothing else: no library, no metatable, no string method.

local nearest = require "nearest"

local describe = {}

local strings = debug.getmetatable("")
local methods = strings.__index

--- Strings have no methods while the author's code runs. Whoever raises an error gives them back first: nothing
--- in the environment can catch it, so the author's code has ended by then.
local function with_methods(present)
  strings.__index = present and methods or nil
end

--- Line in the script from which a word was called: the first level whose source is the script's.
local function line_of(source)
  for level = 2, 16 do
    local info = debug.getinfo(level, "Sl")
    if not info then return 0 end
    if info.source == source then return info.currentline end
  end
  return 0
end

--- Raise an error of the script's: a table, so that nothing is put before the text.
local function fail(line, message, ...)
  with_methods(true)
  error({ line = line, message = message:format(...) }, 0)
end

local function text_argument(line, word, value)
  if type(value) ~= "string" then
    fail(line, '%s wants a text in quotes here, not a %s', word, type(value))
  end
  return value
end

local function table_argument(line, word, value)
  if type(value) ~= "table" then
    fail(line, '%s wants { ... } here, not a %s', word, type(value))
  end
  return value
end

--- A verb: `verb "name"`, `verb { options }` or `verb "name" { options }`.
local function verb_of(name, book)
  local function with_options(word, options)
    local line = line_of(book.source)
    if rawget(word, "options") then fail(line, '%s was given its options already', name) end
    word.options = table_argument(line, name, options)
    return word
  end
  return function(argument)
    local line = line_of(book.source)
    local word = { verb = name, line = line }
    if type(argument) == "table" then
      word.options = argument
    else
      word.name = text_argument(line, name, argument)
    end
    book.loose[word] = true
    return setmetatable(word, { __call = with_options, __metatable = false, __name = "word" })
  end
end

local function once(book, line, frame, value)
  if book.frames[frame] then
    fail(line, '%s was said already, on line %d', frame, book.frames[frame])
  end
  book.frames[frame] = line
  book.result[frame] = value
end

--- The words of one step, in order: list entries that are words; everything else is an option of the step.
local function step_of(book, title, line, body)
  local step = { title = title, line = line, words = {}, options = {} }
  for key in pairs(body) do
    if type(key) ~= "number" then step.options[key] = body[key] end
  end
  for index = 1, #body do
    local word = body[index]
    if not book.loose[word] then
      fail(line, 'step "%s": entry %d is not a word of the ceremony (a word is used in one place only)', title, index)
    end
    book.loose[word] = nil
    step.words[index] = word
  end
  book.result.steps[#book.result.steps + 1] = step
end

local function frames_of(book)
  local frames = {}
  function frames.ceremony(title)
    local line = line_of(book.source)
    text_argument(line, "ceremony", title)
    local value = { title = title, line = line, options = {} }
    once(book, line, "ceremony", value)
    return function(options) value.options = table_argument(line_of(book.source), "ceremony", options) end
  end
  for _, name in ipairs { "people", "stations" } do
    frames[name] = function(entries)
      local line = line_of(book.source)
      once(book, line, name, { line = line, entries = table_argument(line, name, entries) })
    end
  end
  function frames.step(title)
    local line = line_of(book.source)
    text_argument(line, "step", title)
    book.open[line] = title
    return function(body)
      book.open[line] = nil
      step_of(book, title, line, table_argument(line_of(book.source), "step", body))
    end
  end
  return frames
end

--- The environment: reading an unknown word, or setting anything, is an error that names the line.
local function environment(book, verbs)
  local words = frames_of(book)
  local known = {}
  for name in pairs(words) do known[#known + 1] = name end
  for _, name in ipairs(verbs) do
    words[name] = verb_of(name, book)
    known[#known + 1] = name
  end
  return setmetatable({}, {
    __index = function(_, name)
      if words[name] then return words[name] end
      local line = line_of(book.source)
      with_methods(true)
      return fail(line, 'unknown word "%s"%s', tostring(name), nearest.hint(tostring(name), known))
    end,
    __newindex = function(_, name)
      fail(line_of(book.source), 'a script describes and keeps no variables of its own: "%s" cannot be set', name)
    end,
    __metatable = false,
  })
end

--- What was begun and not finished, or said outside every step.
local function leftovers(book)
  for line, title in pairs(book.open) do fail(line, 'step "%s" has no { ... }', title) end
  local first
  for word in pairs(book.loose) do
    if not first or word.line < first.line then first = word end
  end
  if first then fail(first.line, '"%s" stands outside every step', first.verb) end
end

--- Run a script (`load_text` compiles it, text only, with the environment that it is given) and return its raw
--- description: {ceremony, people, stations, steps}. `source` is the chunk's name, for the lines.
function describe.run(load_text, source, verbs)
  local book = { source = source, loose = {}, open = {}, frames = {}, result = { steps = {} } }
  local chunk = load_text(environment(book, verbs))
  with_methods(false)
  chunk()
  with_methods(true)
  leftovers(book)
  return book.result
end

return describe

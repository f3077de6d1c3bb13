--- What a script may say. This module runs in a state of its own, with the script's text, and ends before
--- anything is done: what it returns is plain tables (DESIGN section 2). It knows the verbs by name only;
--- words.lua knows what they mean.
---
--- The environment of a script holds these words and nothing else: no library, no metatable, no string method.

local nearest = require "nearest"
local plain = require "plain"
local quote = require "quote"
local source = require "source"

local describe = {}

local SOURCE = "=script" -- as sandbox.c knows it
local strings = debug.getmetatable("")

--- Line in the script from which a word was called: the first level whose source is the script's. A tail call
--- leaves no level; then it is the line of the word before.
local function line_of(book)
  for level = 2, 16 do
    local info = debug.getinfo(level, "Sl")
    if not info then break end
    if info.source == SOURCE then
      book.line = info.currentline
      break
    end
  end
  return book.line
end

--- Raise an error of the script's: a table, so that nothing is put before the text. Nothing in the environment can
--- catch it, so the author's code has ended, and strings have their methods again.
local function fail(line, message, ...)
  debug.setmetatable("", strings)
  error({ line = line, message = message:format(...) }, 0)
end

local function shown(value)
  debug.setmetatable("", strings)
  return type(value) == "string" and quote(value) or plain.kind(value)
end

--- Strings while the author's code runs.
local function bare_strings(book)
  return {
    __index = function(_, name) fail(line_of(book), "a text has no methods here (%s was asked of it)", shown(name)) end,
    __metatable = false,
  }
end

--- What a word leaves in the author's hand: it can be put into a step, or be given its options; nothing else.
local function token(book, name, call)
  local function refuse() fail(line_of(book), "%s cannot be read or changed, only said", name) end
  local function join()
    fail(line_of(book), '%s takes one text; a text in two parts is written %s("..." .. "...")', name, name)
  end
  local self = setmetatable({}, { __call = call, __index = refuse, __newindex = refuse, __concat = join,
    __metatable = false, __name = name })
  book.tokens[self] = name
  return self
end

--- What a frame leaves: nothing more can be said to it.
local function finished(book, name)
  return token(book, name, function() fail(line_of(book), "%s was given its { ... } already", name) end)
end

local function wanted(line, word, value, kind)
  if type(value) == kind then return value end
  fail(line, "%s wants %s here; it got %s", word, kind == "table" and "{ ... }" or "a text in quotes",
    plain.kind(value))
end

--- A verb: `verb "name"`, `verb { options }` or `verb "name" { options }`.
local function verb_of(name, book)
  local function with_options(self, options)
    local line, word = line_of(book), book.words[self]
    if word.options then fail(line, "%s was given its options already", name) end
    word.options = wanted(line, name, options, "table")
    return self
  end
  return function(argument)
    local word = { verb = name, line = line_of(book) }
    if type(argument) == "table" and not book.words[argument] then
      word.options = argument
    else
      word.name = wanted(word.line, name, argument, "string")
    end
    local self = token(book, name, with_options)
    book.words[self] = word
    book.order[#book.order + 1] = word
    return self
  end
end

local function once(book, line, frame, value)
  if book.result[frame] then fail(line, "%s was said already, on line %d", frame, book.result[frame].line) end
  book.result[frame] = value
end

--- Why an entry of a step is not one.
local function entry_fault(book, entry)
  local word = book.words[entry]
  if word then
    return ("is the %s of line %d, which stands in the step of line %d; a word is used in one place only"):format(
      word.verb, word.line, word.step)
  end
  if book.tokens[entry] then return ("is a %s, which does not stand in a step"):format(book.tokens[entry]) end
  for name, verb in pairs(book.known) do
    if verb == entry then return ('is %s without its text or options; write %s "..."'):format(name, name) end
  end
  return ("is %s, which is no word of the ceremony"):format(shown(entry))
end

--- The words of one step, in order: list entries that are words; everything else is an option of the step.
local function step_of(book, title, line, body)
  local step = { title = title, line = line, words = {}, options = {} }
  local named = 0
  for key, value in pairs(body) do
    if type(key) == "string" then step.options[key], named = value, named + 1 end
  end
  local count = -named
  for _ in pairs(body) do count = count + 1 end
  for index = 1, count do
    local entry = body[index]
    local word = entry ~= nil and book.words[entry]
    if not word or word.step then
      debug.setmetatable("", strings)
      local why = entry == nil and "is nothing (nil)" or entry_fault(book, entry)
      fail(line, "step %s: entry %d %s", quote(title), index, why)
    end
    word.step = line
    step.words[index] = word
  end
  book.result.steps[#book.result.steps + 1] = step
end

local function frames_of(book)
  local frames = {}
  function frames.ceremony(title)
    local line = line_of(book)
    local value = { title = wanted(line, "ceremony", title, "string"), line = line, options = {} }
    once(book, line, "ceremony", value)
    return token(book, "ceremony", function(_, options)
      if value.given then fail(line_of(book), "ceremony was given its { ... } already") end
      value.given, value.options = true, wanted(line_of(book), "ceremony", options, "table")
      return finished(book, "ceremony")
    end)
  end
  for _, name in ipairs { "people", "stations" } do
    frames[name] = function(entries)
      local line = line_of(book)
      once(book, line, name, { line = line, entries = wanted(line, name, entries, "table") })
      return finished(book, name)
    end
  end
  function frames.step(title)
    local line = line_of(book)
    local open = { line = line, title = wanted(line, "step", title, "string") }
    book.open[#book.open + 1] = open
    return token(book, "step", function(_, body)
      if open.closed then fail(line_of(book), "step was given its { ... } already") end
      open.closed = true
      step_of(book, title, line, wanted(line_of(book), "step", body, "table"))
      return finished(book, "step")
    end)
  end
  return frames
end

--- The environment: reading an unknown word, or setting anything, is an error that names the line.
local function environment(book, verbs)
  local words = frames_of(book)
  for _, name in ipairs(verbs) do words[name] = verb_of(name, book) end
  book.known = words
  return setmetatable({}, {
    __index = function(_, name)
      if words[name] then return words[name] end
      local line, known = line_of(book), {}
      if type(name) ~= "string" then fail(line, "a word is a name, not %s", plain.kind(name)) end
      for one in pairs(words) do known[#known + 1] = one end
      return fail(line, "unknown word %s%s", shown(name), nearest.hint(name, known))
    end,
    __newindex = function(_, name)
      fail(line_of(book), "a script describes and keeps no variables: %s cannot be set", shown(name))
    end,
    __metatable = false,
  })
end

--- Whether all that was said is plain values.
local function judge(result, words)
  local measure = plain.measure(fail)
  for _, frame in ipairs { "ceremony", "people", "stations" } do
    local said = result[frame]
    if said then measure(said.line, frame, said.options or said.entries, said.title) end
  end
  for _, step in ipairs(result.steps) do measure(step.line, "step", step.options, step.title) end
  for _, word in ipairs(words) do measure(word.line, word.verb, word.options or {}, word.name) end
end

--- What was begun and not finished, or said outside every step.
local function leftovers(book)
  for _, step in ipairs(book.open) do
    if not step.closed then fail(step.line, "step %s has no { ... }", quote(step.title)) end
  end
  judge(book.result, book.order)
  for _, word in ipairs(book.order) do
    if not word.step then fail(word.line, "%s stands outside every step", word.verb) end
    word.step = nil
  end
  if book.result.ceremony then book.result.ceremony.given = nil end
end

--- Why Lua does not read a text, in words that say what to do.
local function unread(text, line, message)
  local open = message:find "<eof>" and source.unclosed(text)
  local strange = (message:find "<\\%d+>" or message:find "^unfinished string") and source.strange(text, line)
  if strange then fail(line, "%s", strange) end
  if open then fail(line, 'the script ends, and the "{" on line %d is not closed; a "}" is missing', open) end
  fail(line, "%s%s", message, message:find "'}' expected" and "; is a comma missing before it?" or "")
end

--- Run a script's text and return its raw description: {ceremony, people, stations, steps}.
function describe.run(text, verbs)
  local book = { line = 0, words = {}, tokens = {}, order = {}, open = {}, result = { steps = {} } }
  plain.script(text, fail)
  local chunk, problem = load(text, SOURCE, "t", environment(book, verbs))
  if not chunk then
    local line, message = problem:match "^script:(%d+): (.*)$"
    if not line and problem:find "overflow" then fail(0, "has brackets in brackets, too deep") end
    if not line then error(problem, 0) end
    unread(text, math.tointeger(line), message)
  end
  debug.setmetatable("", bare_strings(book))
  chunk()
  debug.setmetatable("", strings)
  leftovers(book)
  return book.result
end

return describe

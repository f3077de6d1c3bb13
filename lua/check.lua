--- What can be known to be wrong with a plan before anything is done: artefacts used before they are made, made
--- twice, of the wrong kind or not at hand at a station; words in an impossible order; templates that do not hold.

local host = require "host"
local nearest = require "nearest"
local quote = require "quote"
local words = require "words"

local check = {}

local CALLED = { key = "a key made at this station", ["unlocked key"] = "a key unlocked in this step",
  ["own key"] = "a private key of this station",
  certificate = "a certificate", request = "a request", crl = "a revocation list", any = "an artefact" }

local function names(artefacts)
  local list = {}
  for name in pairs(artefacts) do list[#list + 1] = name end
  table.sort(list)
  return list
end

local function fits(made, kind)
  local private = made.kind == "key" or made.kind == "unlocked key"
  return kind == "any" or made.kind == kind or kind == "own key" and private or kind == "unlocked key" and made.unlocked
end

--- The artefact that a word needs exists by then, is of the kind and is at hand at the word's station.
local function needs(state, word, option, name, kind)
  local line, what = state.faults:line_of(word, option), option and " (" .. option .. ")" or ""
  local made = state.artefacts[name]
  if not made then
    local later = state.all[name]
    local hint = later and ("; it is made later, on line %d"):format(later)
      or nearest.hint(name, names(state.artefacts))
    return state.faults:add(line, "%s%s: nothing called %s was made before this%s", word.verb, what, quote(name),
      hint)
  end
  if not fits(made, kind) then
    return state.faults:add(line, '%s%s: "%s" is %s (line %d), and %s is needed', word.verb, what, name,
      CALLED[made.kind], made.line, CALLED[kind])
  end
  local private = made.kind == "key" or made.kind == "unlocked key"
  local unlocked = made.unlocked or made.kind == "unlocked key" and made
  if private and made.station ~= word.station then
    return state.faults:add(line, '%s%s: "%s" is at station "%s" (line %d) and never leaves it', word.verb, what,
      name, made.station, made.line)
  end
  local needs_open = kind == "unlocked key" or kind == "own key" and made.kind == "unlocked key"
  if needs_open and unlocked.step ~= word.step then
    state.faults:add(line, '%s%s: "%s" was unlocked in another step (line %d), and only for that one; unlock it '
      .. "in this step", word.verb, what, name, unlocked.line)
  end
  if kind == "any" and private then
    state.faults:add(line, '%s%s: "%s" is a private key, which is never shown', word.verb, what, name)
  end
end

--- The files that come with an artefact are called after it, so no two may be called the same.
local function file_name(state, word)
  local slug = host.page.slug(word.name)
  local before = slug and (slug:find "^lint%-" and "the findings of lint" or state.slugs[slug])
  if not slug then
    state.faults:add(word.line, "%s: %s needs a letter or digit; a file is called after it", word.verb,
      quote(word.name))
  elseif before and before ~= quote(word.name) then
    state.faults:add(word.line, "%s: %s would have the same file name (%s) as %s", word.verb, quote(word.name), slug,
      before)
  else
    state.slugs[slug] = quote(word.name)
  end
end

--- A key that was made here, or taken over, and is unlocked again stays what it is.
local function unlocks_own(before, word, kind)
  return before and before.kind == "key" and kind == "unlocked key"
    and (before.station == word.station or word.options.from == "the authority") -- elsewhere `needs` has said so
end

local function makes(state, word, name, kind)
  local before = state.artefacts[name]
  if unlocks_own(before, word, kind) then
    before.unlocked = { step = word.step, line = word.line }
    return nil
  end
  local again = before and kind == "unlocked key" and before.kind == kind and before.step ~= word.step
  if before and not again then
    return state.faults:add(word.line, '%s: "%s" was made already, on line %d; an artefact is made once', word.verb,
      name, before.line)
  end
  if name == word.name then file_name(state, word) end
  state.artefacts[name] = { kind = kind, station = word.station, step = word.step, line = word.line }
end

local function artefacts(state, word)
  local definition = words[word.verb]
  if type(definition.name) == "table" and definition.name.artefact and word.name then
    needs(state, word, nil, word.name, definition.name.artefact)
  end
  for _, option in ipairs(names(definition.options)) do
    local kind = definition.options[option].kind
    if type(kind) == "table" and kind.artefact and word.options[option] then
      needs(state, word, option, word.options[option], kind.artefact)
    end
  end
  for _, one in ipairs(definition.needs and word.name and definition.needs(word) or {}) do
    needs(state, word, nil, one[1], one[2])
  end
  if definition.makes and word.name then makes(state, word, word.name, definition.makes) end
  for _, one in ipairs(definition.makes_all or {}) do makes(state, word, one[1], one[2]) end
end

local function plan_roles(people)
  local roles = {}
  for index, one in ipairs(people) do roles[index] = one.role end
  return roles
end

--- What a word's own review may ask and say.
local function review_of(state, read)
  local review = {}
  function review.fault(_, word, text) state.faults:add(word.line, "%s: %s", word.verb, text) end
  --- All words of a verb, in the order of the script.
  function review.words(_, verb)
    return coroutine.wrap(function()
      for _, word in ipairs(state.words) do
        if word.verb == verb then coroutine.yield(word) end
      end
    end)
  end
  --- How many people fill a role.
  function review.people(_, role)
    for _, one in ipairs(state.people) do
      if one.role == role then return one.count end
    end
    return 0
  end
  --- All roles, in their order.
  function review.roles() return plan_roles(state.people) end
  --- The word of that verb that makes the artefact of that name, or nil.
  function review:named(verb, name)
    for word in self:words(verb) do
      if word.name == name then return word end
    end
    return nil
  end
  --- Where that verb stands first at the station of the word.
  local function position(word, verb)
    for index, other in ipairs(state.words) do
      if other.verb == verb and other.station == word.station then return index end
    end
  end
  --- An option of the first word of that verb at the word's station.
  function review.option(_, word, verb, option)
    local at = position(word, verb)
    return at and state.words[at].options[option]
  end
  --- Whether the word comes behind one of a verb at its station.
  function review.follows(_, word, verb)
    local at = position(word, verb)
    return at ~= nil and at < word.index
  end
  function review:after(word, verb, why)
    if not self:follows(word, verb) then
      self:fault(word, ('needs "%s" before it at this station: %s'):format(verb, why))
    end
  end
  --- Behind the word that brings a tree to its station; one that was there before is on record once its page is sealed.
  function review:founded(word, why)
    if not self:follows(word, "adopt") and not self:follows(word, "initialize") then
      self:fault(word, ('needs "initialize" or "adopt" before it at this station: %s'):format(why))
    end
    self:later(word, "adopt", "what is changed is on record before that")
  end
  --- Not in one step with a verb that it follows at its station.
  function review:later(word, verb, why)
    for other in self:words(verb) do
      if other.station == word.station and other.step == word.step and other.index < word.index then
        self:fault(word, ('needs a step of its own after that of "%s" (line %d): %s'):format(verb, other.line, why))
      end
    end
  end
  function review:before(word, verb, why)
    local at = position(word, verb)
    if at and at < word.index then self:fault(word, ('must come before "%s": %s'):format(verb, why)) end
  end
  function review:once(word, verb)
    local at = position(word, verb)
    if at and at < word.index then
      self:fault(word, ("is said once at a station; it stands on line %d already"):format(state.words[at].line))
    end
  end
  function review:different(word, one, other)
    if word.options[one] and word.options[one] == word.options[other] then
      self:fault(word, ('"%s" and "%s" cannot be the same'):format(one, other))
    end
  end
  --- The text of a template, read once; page 0 will hold it.
  function review:template(word, path)
    if path == state.script then
      self:fault(word, ("%s is this script; a template is a file of its own"):format(quote(path)))
      return nil
    end
    if state.texts[path] == nil then
      local fine, text = pcall(read, path)
      state.texts[path] = fine and text or false
      if not fine then self:fault(word, tostring(text)) end
    end
    return state.texts[path] or nil
  end
  return review
end

--- Check a whole plan; `read` gives a template by its path; faults are added to `faults`. Returns the templates that it
--- names: {{path, text}}.
function check.plan(plan, read, faults)
  local state = { faults = faults, script = plan.script.name, people = plan.people,
    artefacts = {}, all = {},
    words = {}, texts = {}, slugs = { check = "the findings of the check", purged = "the list of what was purged",
      adopted = "the findings of adopt" } }
  for _, step in ipairs(plan.steps) do
    for _, word in ipairs(step.words) do
      state.words[#state.words + 1] = word
      word.index = #state.words
      local definition = words[word.verb]
      local is_there = definition.makes == "unlocked key" and definition.needs and definition.needs(word)[1]
      if definition.makes and word.name and not is_there and not state.all[word.name] then
        state.all[word.name] = word.line
      end
      for _, one in ipairs(definition.makes_all or {}) do state.all[one[1]] = state.all[one[1]] or word.line end
    end
  end
  local review = review_of(state, read)
  for _, word in ipairs(state.words) do
    artefacts(state, word)
    if words[word.verb].review then words[word.verb].review(word, review) end
  end
  local texts = {}
  for path, text in pairs(state.texts) do texts[#texts + 1] = { path = path, text = text } end
  table.sort(texts, function(a, b) return a.path < b.path end)
  return texts
end

return check

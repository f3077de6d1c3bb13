--- The people in the room, as every prompt of a walk asks them: they give what is asked for, or they stop, or they
--- say that something is an exception. What they decide about one is kept, and the prompt is asked again.
---
--- asking.open(room) gives a room with the same functions, which return what was asked for and nothing else. A stop is
--- raised as {stop = what was asked, why = the people's reason or nil}, an abort as {abort = true}.
--- room.enter(context) says where the walk is; every member may be missing:
---   slug     begins the prompt ids of what is asked about secrets ("start" without it)
---   remains  text: what stays when people stop here, and how to go on
---   abort    whether the ceremony can be aborted here
---   people   {{role, name}}: who can have decided something; while nobody is known, that is asked later
---   note     (text): a line of the transcript
---   keep     (deviation): {rule, prompt, expected, happened, decided, by}; without by while nobody is known
---   kept     what was kept without by, here or in an earlier attempt: who decided it is asked now

local host = require "host"
local options = require "options"

local asking = { NOTHING = "Nothing was done; the same command begins again." }

local MOST = 500 -- bytes of one text of an exception; a page takes 512
local NOBODY = "nobody here"
local WITHOUT = "no yes; the people go on without one, as the exception before this says"

--- Why a text cannot stand on a page; nil when it can.
local function text_fault(text)
  if #text > MOST then return ("That has %d bytes; say it in at most %d."):format(#text, MOST) end
  if text:find("\\", 1, true) then return "That holds a backslash, which a page cannot show as it is." end
  return nil
end

--- A line of an exception, or nil when they thought better of it. What a file answers wrongly it would answer so again.
local function ask_line(self, id, question, judge)
  while true do
    local text, reply = self.raw.ask(id, question)
    if reply == "stop" then return nil end
    local wrong, right = "This is asked for an exception already; !stop takes it back.", nil
    if text then wrong, right = judge(text) end
    if not wrong then return right or text end
    if self.raw.has_answer(id) then error({ stop = ("%s: %s"):format(id, wrong) }, 0) end
    self.raw.say(wrong)
  end
end

--- One of the people, by their name as they gave it at the start.
function asking.person(people, text)
  local names = {}
  for index, person in ipairs(people) do
    if options.same_person(person.name) == options.same_person(text) then return nil, person.name end
    names[index] = person.name
  end
  return ("%s is none of the people of this ceremony: %s."):format(text, table.concat(names, ", "))
end

local function ask_by(self, id, question)
  return ask_line(self, id, question, function(text) return asking.person(self.context.people, text) end)
end

local function keep(context, deviation)
  context.note(("Expected: %s\nHappened: %s\nDecided: %s\nBy: %s"):format(deviation.expected, deviation.happened,
    deviation.decided, deviation.by))
  context.keep(deviation)
end

--- What was expected, what happened, what was decided, and by whom. False when they thought better of it.
local function ask_exception(self, id, question)
  local context = self.context
  local deviation = { rule = "prompt.exception", prompt = id }
  self.raw.say "An exception. It is written down, on the page and at home; !stop takes it back."
  for _, part in ipairs { { "expected", "What was expected?" }, { "happened", "What happened?" },
    { "decided", "What was decided?" } } do
    deviation[part[1]] = ask_line(self, ("%s.%s"):format(id, part[1]), part[2], text_fault)
    if not deviation[part[1]] then return false end
  end
  if not context.people then
    table.insert(self.waiting, deviation)
    if context.keep then context.keep(deviation) end
    return true
  end
  deviation.by = ask_by(self, id .. ".by", "Who of the people here decided it?")
  if not deviation.by then return false end
  context.note(("Asked: %s Answered: exception."):format(question))
  keep(context, deviation)
  return true
end

local function raise_stop(self, id, question)
  local why = nil
  if not self.raw.has_answer(id) or self.raw.has_answer(id .. ".why") then
    why = ask_line(self, id .. ".why", "Why do you stop? The next page will say so.", text_fault)
  end
  local text = ('"stop" was answered to: %s'):format(question)
  if not self.context.slug then text = text .. "\n" .. self.context.remains end
  error({ stop = text, why = why, people = true }, 0)
end

local function except(self, id, question, may_go_on)
  if not ask_exception(self, id, question) then return "again" end
  local decision = self.raw.choose(id .. ".decision", may_go_on
    and "How does it go on: is the question asked again, do you go on without a yes, or do you stop?"
    or "How does it go on: is the question asked again, or do you stop?",
    may_go_on and { "again", "go on", "stop" } or { "again", "stop" })
  if decision == "stop" then raise_stop(self, id, question) end
  return decision
end

--- They stop. Comes back only when they think better of it, or to ask again after an exception.
local function halt(self, id, question)
  local context, raw = self.context, self.raw
  if raw.has_answer(id) and not raw.has_answer(id .. ".stop") then raise_stop(self, id, question) end
  raw.say("You stop here. " .. context.remains)
  local choices = { "stop", "exception", "go on" }
  if context.abort then table.insert(choices, 2, "abort") end
  local chosen = raw.choose(id .. ".stop", context.abort
    and "Stop for now, abort the ceremony for good, write down an exception, or go on?"
    or "Stop, write down an exception, or go on?", choices)
  if chosen == "stop" then raise_stop(self, id, question) end
  if chosen == "abort" then error({ abort = true }, 0) end
  return chosen == "exception" and except(self, id, question, false) or "again"
end

--- One of the people; of what was decided in an earlier attempt, perhaps by none of those who are here now.
local function ask_decider(self, deviation, is_earlier)
  local id = deviation.prompt .. ".by"
  local question = ('Who decided this%s: "%s"?%s'):format(is_earlier and ", in an attempt before this one" or "",
    deviation.decided, is_earlier and (' A name, or "%s".'):format(NOBODY) or "")
  while true do
    local by = ask_line(self, id, question, function(text)
      if is_earlier and text:lower() == NOBODY then return nil, NOBODY end
      return asking.person(self.context.people, text)
    end)
    if by then return by end
    halt(self, id, question)
  end
end

local function says_the_same(one, other)
  for _, part in ipairs { "prompt", "expected", "happened", "decided" } do
    if one[part] ~= other[part] then return false end
  end
  return true
end

--- Whether a list has such an exception: what a file answers, every attempt says again.
function asking.has(list, deviation)
  for index, other in ipairs(list) do
    if says_the_same(other, deviation) then return index end
  end
  return nil
end

--- What was decided before anybody was known is kept now, with who decided it.
local function settle(self)
  local context, list = self.context, {}
  for _, deviation in ipairs(context.kept or {}) do
    list[#list + 1] = { deviation = deviation, is_earlier = not asking.has(self.waiting, deviation) }
  end
  for _, deviation in ipairs(self.waiting) do
    if not asking.has(context.kept or {}, deviation) then list[#list + 1] = { deviation = deviation } end
  end
  for _, one in ipairs(list) do
    local deviation = one.deviation
    local by = ask_decider(self, deviation, one.is_earlier)
    context.note(one.is_earlier and "An exception of an earlier attempt." or "An exception at the start.")
    if by == NOBODY then
      context.note(("Expected: %s\nHappened: %s\nDecided: %s, by nobody who is here now"):format(deviation.expected,
        deviation.happened, deviation.decided))
    else
      deviation.by = by
      keep(context, deviation)
    end
  end
  self.waiting = {}
end

--- The room of a walk.
function asking.open(raw)
  local self = { raw = raw, waiting = {}, context = { remains = asking.NOTHING } }
  local room = { say = raw.say, clear = raw.clear, has_answer = raw.has_answer }

  function room.enter(context)
    self.context = context
    if context.people then settle(self) end
  end

  function room.ask(id, question)
    while true do
      local answer, reply = raw.ask(id, question)
      if answer then return answer end
      if reply == "stop" then halt(self, id, question) else except(self, id, question, false) end
    end
  end

  --- What was answered, as the transcript says it: "yes", or that they go on without one.
  function room.confirm(id, question)
    while true do
      local chosen = raw.choose(id, question, { "yes", "stop", "exception" })
      if chosen == "yes" then return chosen end
      local decision = "again"
      if chosen == "stop" then halt(self, id, question) else decision = except(self, id, question, true) end
      if decision == "go on" then return WITHOUT end
    end
  end

  function room.secret(name, question, is_new, attempt)
    while true do
      local secret = raw.secret(name, question, is_new, attempt)
      if secret then return secret end
      halt(self, ("%s.secret.%s"):format(self.context.slug or "start", host.page.slug(name) or "seal"), question)
    end
  end

  --- Plain questions that are no prompts of the script.
  function room.text(id, question) return ask_line(self, id, question, text_fault) end
  function room.person(id, question) return ask_by(self, id, question) end
  room.choose = raw.choose
  return room
end

return asking

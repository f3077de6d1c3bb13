--- How long a ceremony will take, in whole minutes: an estimate from what is asked and read aloud. It promises nothing;
--- a rehearsal with the same people tells better.

local words = require "words"

local budget = { QUESTION = 1, DIGEST = 2, PAGE = 2, WITNESS = 3, PERSON = 2, CARRY = 10, CLOSE = 10 }

--- A word: its questions, what is read aloud, and what it takes by itself.
function budget.word(word)
  local definition = words[word.verb]
  local minutes = definition.minutes or 0
  for _, note in ipairs(definition.notes and definition.notes(word) or {}) do
    if note.digest then minutes = minutes + budget.DIGEST end
  end
  return minutes + math.max(1, #word.prompts * budget.QUESTION)
end

--- A step: its words, its page, and the witnesses' seals.
function budget.step(step)
  local minutes = budget.PAGE + (step.witnessed_by or 0) * budget.WITNESS
  for _, word in ipairs(step.words) do minutes = minutes + budget.word(word) end
  return minutes
end

--- Page 0: everybody says who they are, the certificates of `signers` are read aloud, and so is the plan.
function budget.opening(made, signers)
  local minutes = budget.PAGE + signers * budget.DIGEST + #made.steps * budget.QUESTION
  for _, role in ipairs(made.people) do minutes = minutes + role.count * budget.PERSON end
  return minutes
end

--- The whole day in its order: {{kind, step, station, minutes, after}}; `kind` is "opening", "carry", "step" or
--- "close", `after` how many minutes it has been by its end.
function budget.of(made, signers)
  local rows, after, station = {}, 0, made.steps[1].station
  local function add(row)
    after = after + row.minutes
    row.after = after
    rows[#rows + 1] = row
  end
  add { kind = "opening", station = station, minutes = budget.opening(made, signers) }
  for _, step in ipairs(made.steps) do
    if step.station ~= station then add { kind = "carry", station = step.station, minutes = budget.CARRY } end
    station = step.station
    add { kind = "step", step = step, station = station, minutes = budget.step(step) }
  end
  add { kind = "close", station = station, minutes = budget.CLOSE }
  return rows
end

--- "1 h 05 min", "40 min".
function budget.spoken(minutes)
  if minutes < 60 then return ("%d min"):format(minutes) end
  return ("%d h %02d min"):format(minutes // 60, minutes % 60)
end

return budget

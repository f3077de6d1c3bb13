--- A key that custodians open: each types their own part, alone, and what the parts make together opens it.
---
---   by = "custodians"               the password is all their parts, one behind the other in the custodians' order,
---                                   with nothing between
---   by = "custodians", needed = 2   the parts are those of `verger split` (ceremony/share.h); any two give it
---
--- A part is of the custodian of the same number. In --password-file it is called NAME/NUMBER: "root key/1".
--- Who may know parts: nobody fills two roles, so no operator is a custodian (BR 6.1.1.1, 5.2.2; FED 6.2.2).

local host = require "host"

local custodians = {}

local ROLE = "custodians"

local function needed_of(word) return word.options.needed or word.custodians end

--- Whether it must be asked who of them give their parts.
function custodians.is_choice(word) return word.options.by ~= nil and needed_of(word) < word.custodians end

function custodians.review(word, review)
  local count = review:people(ROLE)
  if word.options.needed and not word.options.by then
    review:fault(word, '"needed" says how many custodians give their parts; say by = "custodians" too')
  elseif word.options.by and count < 2 then
    review:fault(word, 'by = "custodians" wants people { custodians = 2 } or more; one alone splits nothing')
  elseif word.options.by and needed_of(word) and needed_of(word) > count then
    review:fault(word, ("%d custodians are needed, and there are %d"):format(word.options.needed, count))
  end
  word.custodians = count
end

function custodians.phrase(word)
  local of = custodians.is_choice(word) and ("%d of the %d"):format(needed_of(word), word.custodians)
    or ("all %d"):format(word.custodians)
  return (", with the parts of %s custodians, each of whom types alone"):format(of)
end

function custodians.question(word)
  return ("Which %d of the %d custodians give their parts of the %s (their numbers, such as %s)?"):format(
    needed_of(word), word.custodians, word.name, needed_of(word) == 2 and "1 3" or "1 3 4")
end

local function part_name(word, number) return ("%s/%d"):format(word.name, number) end

--- The names under which files may hold what opens it.
function custodians.secrets(word)
  if word.options.from == "the authority" then return {} end -- it has one of its own name
  if not word.options.by then return { word.name } end
  local list = {}
  for number = 1, word.custodians do list[number] = part_name(word, number) end
  return list
end

--- Throw-away parts for a rehearsal, and the password that they make; nil where no custodians open it.
function custodians.rehearsed(word, secrets)
  if not word.options.by then return nil end
  local halves = {}
  for number = 1, word.custodians do halves[number] = host.secret.random() end
  local password, parts = host.secret.join(halves), halves
  if word.options.needed then password, parts = host.share.split(word.options.needed, word.custodians) end
  for number, part in ipairs(parts) do secrets[part_name(word, number)] = part end
  return password
end

--- The custodians' names, by their numbers.
local function seats(scene)
  local names = {}
  for _, person in ipairs(scene.walk.people) do
    if person.role == ROLE then names[#names + 1] = person.name end
  end
  return names
end

--- Numbers from a line, in order; nil and why they cannot be.
local function numbers_of(text, needed, count)
  local numbers, seen = {}, {}
  for one in text:gmatch "[^%s,]+" do
    local number = one:find "^%d%d?$" and math.tointeger(one)
    if not number or number < 1 or number > count then
      return nil, ("that is no number of a custodian; they are 1 to %d"):format(count)
    end
    if seen[number] then return nil, ("custodian %d was named twice"):format(number) end
    seen[number] = true
    numbers[#numbers + 1] = number
  end
  if #numbers ~= needed then return nil, ("that names %d custodians, and %d are needed"):format(#numbers, needed) end
  table.sort(numbers)
  return numbers
end

--- Who gives a part. Somebody may type their part here by mistake: what is no answer is neither repeated nor written
--- down.
local function choose(word, scene, names)
  local needed, all = needed_of(word), {}
  for number = 1, needed do all[number] = number end
  if not custodians.is_choice(word) or scene.rehearsal then return all end
  for number, name in ipairs(names) do scene:say("Custodian %d is %s.", number, name) end
  while true do
    local question = custodians.question(word)
    local answer = scene.walk.room.ask(word.prompts[2].id, question)
    local numbers, wrong = numbers_of(answer, needed, #names)
    if numbers then
      scene.page:say(("Asked: %s Answered: %s"):format(question, answer))
      return numbers
    end
    if scene:is_answered(word, 2) then scene:stop("%s", wrong) end
    scene.walk.room.say(wrong .. ".")
  end
end

--- One part, in three tries. The custodian sits there alone: the screen is cleared before and after. What a file holds
--- is not asked for again; then `before`, the reason of the try before this, stands.
local function ask_part(word, scene, seat, attempt, before)
  local room, name = scene.walk.room, part_name(word, seat.number)
  if scene.walk.secrets[name] then return scene.walk.secrets[name] end
  local wrong = before
  for try = 1, 3 do
    room.clear()
    if wrong then room.say(wrong .. ".") end
    room.say(("%s, custodian %d of %d: come to the keyboard alone; nobody else looks. What you type is not shown.")
      :format(seat.name, seat.number, word.custodians))
    local asked, part = pcall(room.secret, name, ("Part %d of the %s"):format(seat.number, word.name), false,
      attempt + try - 1)
    room.clear()
    if not asked then error(type(part) == "string" and wrong and { stop = wrong } or part, 0) end
    if not word.options.needed then return part end
    local fine, fault = pcall(host.share.check, part, seat.number, word.options.needed)
    if fine then return part end
    wrong = fault
  end
  return scene:stop("%s; nothing was done in this step", wrong)
end

local function open_once(word, pem, parts)
  local joined, password = pcall(word.options.needed and host.share.combine or host.secret.join, parts)
  if not joined then return nil, password end
  local fine, outcome = pcall(host.key.parse, pem, password, word.options.from)
  if fine then return outcome, nil, password end
  if type(outcome) ~= "table" or not outcome.wrong_password then error(outcome, 0) end
  return nil, ("the parts together do not open the %s; whose part is wrong cannot be told"):format(word.name)
end

--- The key, who opened it: {needed, custodians = names}, and the password that the parts made.
function custodians.open(word, scene, pem)
  if not host.key.is_encrypted(pem) then
    host.key.parse(pem, nil, word.options.from)
    scene:stop("%s is not encrypted, and custodians have no part in it; encrypt it under their parts first",
      word.options.from)
  end
  local names, wrong = seats(scene), nil
  local numbers = choose(word, scene, names)
  for attempt = 1, 3 do
    local parts, given = {}, {}
    for index, number in ipairs(numbers) do
      given[index] = names[number]
      parts[index] = ask_part(word, scene, { number = number, name = names[number] }, attempt, index == 1 and wrong)
    end
    local key, password
    key, wrong, password = open_once(word, pem, parts)
    parts = nil -- luacheck: ignore
    collectgarbage() -- which cleanses them
    if key then
      scene:say("The %s was opened with the parts of %s: %d of %d custodians, %d needed.", word.name,
        table.concat(given, ", "), #given, #names, needed_of(word))
      return key, { needed = needed_of(word), custodians = host.json.array(given) }, password
    end
  end
  return scene:stop("%s; nothing was done in this step", wrong)
end

return custodians

--- The nearest known word, for "did you mean".

local nearest = {}

--- Edit distance between two short strings (insert, delete, replace, swap of neighbours).
local function distance(a, b)
  local before, last = {}, {}
  for j = 0, #b do last[j] = j end
  for i = 1, #a do
    local row = { [0] = i }
    for j = 1, #b do
      local cost = a:byte(i) == b:byte(j) and 0 or 1
      row[j] = math.min(last[j] + 1, row[j - 1] + 1, last[j - 1] + cost)
      if i > 1 and j > 1 and a:byte(i) == b:byte(j - 1) and a:byte(i - 1) == b:byte(j) then
        row[j] = math.min(row[j], before[j - 2] + 1)
      end
    end
    before, last = last, row
  end
  return last[#b]
end

--- The entry of `known` (a list) that is nearest to `word`, or nil when none is near.
function nearest.word(word, known)
  local best, least = nil, math.max(2, #word // 3) + 1
  for _, candidate in ipairs(known) do
    local d = distance(word:lower(), candidate:lower())
    if d < least then best, least = candidate, d end
  end
  return best
end

--- `; did you mean "x"?`, or the list of what there is when nothing is near.
function nearest.hint(word, known)
  local best = nearest.word(word, known)
  if best then return ('; did you mean "%s"?'):format(best) end
  if #known == 0 then return "" end
  local all = table.move(known, 1, #known, 1, {})
  table.sort(all)
  return "; there is " .. table.concat(all, ", ")
end

return nearest

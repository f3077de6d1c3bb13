--- What a station's journal has of a ceremony since its newest page there. A step's events are kept under the number
--- that its page would have had: it has a higher one when a page that revokes a signer came between.

local journal = {}

--- The number of the first page that was, or is to be, made after this station's newest one.
local function since(walk)
  local number = walk.record:count()
  while number > 0 and walk.record:page(number - 1).station ~= walk.station do number = number - 1 end
  return number
end

--- Events of one kind, or of every kind, oldest first. `walk` has home, record, station and id.
function journal.recent(walk, kind)
  local list = {}
  for number = since(walk), walk.record:count() do
    for _, event in ipairs(walk.home:events(walk.id, number)) do
      if not kind or event.kind == kind then list[#list + 1] = event end
    end
  end
  return list
end

return journal

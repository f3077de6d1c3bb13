--- Whose turn it is. A page that revokes a signer stands between the steps: pages and steps are counted apart.

local turn = {}

--- How many pages of a record are steps of its plan, an aborted one's closing page among them.
function turn.walked(record)
  local count = 0
  for number = 1, record:count() - 1 do
    if not record:page(number).revoked then count = count + 1 end
  end
  return count
end

--- The step that comes next, or nil when all are walked.
function turn.step(plan, record) return plan.steps[turn.walked(record) + 1] end

return turn

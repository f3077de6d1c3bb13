--- What is signed ends before what signs it does: found before a key is touched.

local spans = {}

--- Every later signing under the certificate of that name, whose facts these are.
function spans.check_later(scene, name, facts)
  for _, later in ipairs(scene:later()) do
    if later.options and later.options.under == name and later.ends and later.ends > facts.not_after then
      scene:stop('"%s" is to be valid until %s, but %s ends on %s already; give it a shorter valid_for',
        later.name, later.ends, name, facts.not_after)
    end
  end
end

return spans

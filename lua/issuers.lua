--- Whose key a word signs with: the artefact that is the issuer's certificate.

local issuers = {}

local UNDER = { sign = true, publish = true, publish_fallback = true, cross_sign = true, issue = true }

--- Its name; of a certificate that signs itself its own. Nil: the word signs nothing.
function issuers.of(word)
  if word.verb == "self_sign" then return word.name end
  return UNDER[word.verb] and word.options.under or nil
end

return issuers

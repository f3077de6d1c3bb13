--- From a template to the certificate JSON that C reads, and what can be said of it before the day.

local host = require "host"
local policies = require "policies"
local template = require "template"

local profiles = {}

local ORDER = { "country", "organization", "organizationalUnit", "locality", "province", "streetAddress",
  "postalCode", "commonName", "serialNumber" }
local SHORT = { country = "C", organization = "O", organizationalUnit = "OU", locality = "L", province = "ST",
  streetAddress = "street", postalCode = "postalCode", commonName = "CN", serialNumber = "serialNumber" }

--- "C=IT, O=Example Org, CN=Example CA" of a subject in step's members.
function profiles.subject_text(subject)
  local parts = {}
  for _, member in ipairs(ORDER) do
    local value = subject[member]
    for _, one in ipairs(type(value) == "table" and value or { value }) do
      parts[#parts + 1] = SHORT[member] .. "=" .. one
    end
  end
  return table.concat(parts, ", ")
end

--- What a request's own words say to this already, and better.
local ELSEWHERE = { template_refused = true, template_lax = true, ca_without_cert_sign = true,
  cert_sign_without_ca = true }

--- What step takes in silence, of a template and of what it rendered to: {{rule, place, text}}.
local function silences(path, output, findings)
  local list = {}
  for _, found in ipairs(findings) do
    list[#list + 1] = { rule = found.rule, place = ("%s:%d:%d"):format(path, found.line, found.column),
      text = found.message }
  end
  for _, found in ipairs(host.profile.lint(output)) do
    if found.severity == "error" and not ELSEWHERE[found.rule] then
      list[#list + 1] = { rule = found.rule, place = ("%s: %s"):format(path, (found.place:gsub("^rendered: ", ""))),
        text = found.text }
    end
  end
  return list
end

local function refuse(list)
  local first = list[1]
  error(("%s: %s (%s)%s"):format(first.place, first.text, first.rule,
    #list > 1 and ("; and %d more, which `verger template` names"):format(#list - 1) or ""), 0)
end

--- Render a template. `given` is what template.data takes, and besides: as_step, constraints, line (profiles.given).
--- What step takes in silence is an error, or with as_step the second result: {{rule, place, text}}.
function profiles.render(text, path, given)
  given.sans = given.sans or (given.subject.commonName and { { type = "dns", value = given.subject.commonName } }) or {}
  local output, findings = template.compile(text, path):render(template.data(given))
  local taken = silences(path, output, findings)
  if #taken > 0 and not given.as_step then refuse(taken) end
  return policies.constrained(output, given.constraints, path, given.line), taken
end

--- What a script says of how a request's template is read and what comes into its certificate. `request` is the word;
--- `book` has the words of the whole script (review:words, scene:words); `subject` and `asked` are .Subject and
--- .Insecure.CR.
function profiles.given(request, book, subject, asked)
  local constraints, line = policies.wanted(request, book)
  return { subject = subject, request = asked, as_step = request.options.as_step, constraints = constraints,
    line = line }
end

--- The same for the certificate: a template of the signer's own is read as the signer says, and that of a request that
--- came from the media is the signer's always.
function profiles.given_signed(word, book, subject, asked)
  local request = book:named("request", word.options.request)
  if not request then return { subject = subject, request = asked, as_step = word.options.as_step } end
  local given = profiles.given(request, book, subject, asked)
  if word.options.template then given.as_step = word.options.as_step end
  return given
end

--- The same for a cross-certificate, which has its original's subject and no request.
function profiles.given_crossed(word, original)
  return { subject = host.certificate.subject(original.content, original.name), as_step = word.options.as_step }
end

--- What was taken as step takes it, for the sentence of a word.
function profiles.taken_text(word)
  local taken = word.shown and word.shown.taken or {}
  if #taken == 0 then return "" end
  local parts = {}
  for index, one in ipairs(taken) do parts[index] = ("%s (%s: %s)"):format(one.rule, one.place, one.text) end
  return " The template is taken as step takes it, in spite of " .. table.concat(parts, ", ") .. "."
end

--- The same on the page: each is a deviation.
function profiles.tell(scene, taken)
  for _, one in ipairs(taken) do
    scene:say("Taken as step takes it: %s, %s: %s", one.rule, one.place, one.text)
    scene.page:deviation { rule = "template." .. one.rule, expected = "a template without " .. one.rule,
      happened = one.place .. ": " .. one.text, decided = "the script takes it as step does (as_step)",
      by = scene:operator() }
  end
end

--- A subject as a rehearsal has it.
function profiles.marked(subject)
  local marked = {}
  for member, value in pairs(subject) do marked[member] = value end
  marked.commonName = "REHEARSAL " .. (subject.commonName or "CA")
  return marked
end

--- What the certificate will be that a template gives for a subject; nil, and a fault, when it is none.
local function facts_of(word, review, given)
  local path = word.options.template
  local text = review:template(word, path)
  if not text then return nil end
  if utf8.len(given.subject.commonName) > 64 then
    return review:fault(word, "the common name is longer than 54 characters: with a rehearsal's \"REHEARSAL \" before "
      .. "it, it must fit into 64 (RFC 5280 appendix A.1)")
  end
  local fine, facts, taken = pcall(function()
    local json, taken = profiles.render(text, path, given)
    return host.profile.check(json, path, given.as_step), taken
  end)
  if not fine then return review:fault(word, tostring(facts)) end
  if not facts.is_ca then
    return review:fault(word, path .. ': "basicConstraints" must say "isCA": true for an intermediate')
  end
  for _, usage in ipairs { "certSign", "crlSign" } do
    if not facts.key_usage:find(usage, 1, true) then
      return review:fault(word, ('%s: "keyUsage" must have "%s" for an intermediate (RFC 5280 4.2.1.3)'):format(path,
        usage))
    end
  end
  return facts, taken
end

--- The template may add to the name that the script gives, but not give another.
local function same_name(word, review, facts, subject)
  for part in (facts.subject .. ", "):gmatch "(.-), " do
    if part == "CN=" .. subject.commonName then return true end
  end
  local made = facts.subject ~= "" and facts.subject or "nobody"
  review:fault(word, ("%s: makes it for %s, and the script says CN=%s; use {{ toJson .Subject }} in the template")
    :format(word.options.template, made, (subject.commonName:gsub("^REHEARSAL ", ""))))
  return false
end

--- What the people will ask for, in words: the agenda says what the template decides.
local function shown(word, review)
  local path = word.options.template
  local text = review:template(word, path)
  local given = profiles.given(word, review, word.options.subject)
  local json, taken = profiles.render(text, path, given)
  local facts = host.profile.check(json, path, given.as_step)
  local length = facts.path_length >= 0 and ("path length %d"):format(facts.path_length) or "no limit of path length"
  local urls = "no revocation list"
  if #facts.crl_urls > 0 then urls = "its revocation at " .. table.concat(facts.crl_urls, ", ") end
  local constrained = given.constraints and ", constrained to the names of the policy" or ""
  return { subject = facts.subject, sha256 = host.digest.hex(text), taken = taken,
    extent = ("a CA with %s, for %s, %s%s"):format(length, facts.key_usage, urls, constrained) }
end

--- At the script's check: the request's template parses, renders with the script's subject, and gives a CA certificate
--- that names the CRL that its issuer publishes (RFC 5280 4.2.1.13: not its own).
function profiles.review(word, review)
  local subject = profiles.marked(word.options.subject)
  local fine, given = pcall(profiles.given, word, review, subject)
  local facts = fine and facts_of(word, review, given) -- else the policy's own review says why
  if not facts or not same_name(word, review, facts, subject) then return end
  word.shown = shown(word, review)
  for signed in review:words "sign" do
    if signed.options.request == word.name and not signed.options.template then
      signed.shown = { taken = word.shown.taken }
      profiles.review_urls(word, review, signed, facts.crl_urls)
    end
  end
end

local review_foreign

--- The same for a template of the signer's own, which takes the place of the request's.
function profiles.review_signed(word, review)
  local received = review:named("receive_request", word.options.request)
  if received and not word.options.template then
    review:fault(word, ('wants the option "template": "%s" came from the media and says none'):format(received.name))
  elseif received then
    return review_foreign(word, review)
  end
  local request = word.options.template and review:named("request", word.options.request)
  local key = request and review:named("generate", request.options.key)
  if not key then return end
  local subject = profiles.marked(request.options.subject)
  local fine, given = pcall(profiles.given_signed, word, review, subject,
    { Subject = subject, PublicKeyKind = key.options.kind })
  local facts, taken
  if fine then facts, taken = facts_of(word, review, given) end
  if not facts then return end
  word.shown = { taken = taken }
  profiles.review_urls(word, review, word, facts.crl_urls)
end

--- The template of a CA that comes from elsewhere, with a name that stands for the one that is not known yet.
function review_foreign(word, review)
  local facts, taken = facts_of(word, review, { subject = profiles.marked { commonName = "Other CA" },
    as_step = word.options.as_step })
  if not facts then return end
  word.shown = { taken = taken, sha256 = host.digest.hex(review:template(word, word.options.template)) }
  for publish in review:words "publish" do
    if publish.options.under == word.options.under then
      return profiles.review_urls(word, review, word, facts.crl_urls)
    end
  end
end

profiles.review_crossed = review_foreign

local function published_urls(review, root)
  local urls = {}
  for publish in review:words "publish" do
    if publish.options.under == root then urls[#urls + 1] = publish.options.url end
  end
  return urls
end

function profiles.review_urls(word, review, signed, crl_urls)
  local path, urls = word.options.template, published_urls(review, signed.options.under)
  if #crl_urls == 0 and #urls > 0 then
    review:fault(word, ('%s: has no "crlDistributionPoints", so nobody will find the list of the %s; add "%s"')
      :format(path, signed.options.under, urls[1]))
  end
  for _, url in ipairs(crl_urls) do
    local found = false
    for _, published in ipairs(urls) do found = found or published == url end
    if not found then
      review:fault(word, ('%s: "crlDistributionPoints" names %s, which no publish under "%s" writes. It must name the '
        .. "list of the certificate's issuer, not its own (RFC 5280 4.2.1.13)"):format(path, url, signed.options.under))
    end
  end
end

return profiles

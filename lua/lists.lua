--- What a revocation list says besides whose it is and until when: what the list before it revoked, and what is revoked
--- now. The words that sign lists share it.

local dates = require "dates"
local host = require "host"
local nearest = require "nearest"
local options = require "options"
local plain = require "plain"
local quote = require "quote"

local lists = {}

local FORGOTTEN, NOT_LAST = "list.forgotten", "list.before" -- what deviations call them

local function broken(rule, ...) error({ rule = rule:format(...) }, 0) end

-- ---- revoke = { { serial = "0142", date = "2026-11-20", reason = "superseded" }, ... } ----

local function serial(value)
  local hex = options.text(value):lower():gsub("[: ]", "")
  if not hex:find "^%x+$" then broken("must be hex, as `openssl x509 -serial` shows it, not %s", quote(value)) end
  hex = hex:gsub("^0+", "")
  if hex == "" or #hex > 40 then broken("must be above 0 and of at most 20 bytes (RFC 5280 4.1.2.2)") end
  return #hex % 2 == 1 and "0" .. hex or hex
end

local function reason(value)
  local fine, fault = pcall(host.crl.reason, options.text(value))
  if not fine then broken("%s", fault) end
  if value == "unspecified" then broken("must be said of a CA certificate, and not be unspecified (BR 7.2.2)") end
  return value
end

local MEMBERS = { serial = serial, certificate = options.text, date = options.date, reason = reason }

local function entry(given)
  local kept, names = {}, {}
  if type(given) ~= "table" then broken("must be a table, not %s", plain.kind(given)) end
  for name in pairs(given) do names[#names + 1] = tostring(name) end
  table.sort(names)
  for _, name in ipairs(names) do
    if not MEMBERS[name] then
      broken("has no member %s%s", quote(name), nearest.hint(name, { "serial", "certificate", "date", "reason" }))
    end
    local fine, outcome = pcall(MEMBERS[name], given[name])
    if not fine then broken("(%s) %s", name, type(outcome) == "table" and outcome.rule or tostring(outcome)) end
    kept[name] = outcome
  end
  if (kept.serial == nil) == (kept.certificate == nil) then
    broken 'wants a "serial", or a "certificate" that is at hand, and not both'
  end
  if not kept.date then broken 'wants a "date": since when it is not to be trusted' end
  if not kept.reason then broken 'wants a "reason" (RFC 5280 5.3.1; of a CA certificate it must be said, BR 7.2.2)' end
  return kept
end

--- A kind of option: what is revoked, one entry each.
function lists.revocations(value)
  if type(value) ~= "table" or value[1] == nil then
    broken('must be a list such as { { serial = "0142", date = "2026-11-20", reason = "superseded" } }')
  end
  local kept, seen = {}, {}
  for index, given in ipairs(value) do
    local fine, outcome = pcall(entry, given)
    if not fine then broken("(entry %d) %s", index, type(outcome) == "table" and outcome.rule or tostring(outcome)) end
    local name = outcome.serial or outcome.certificate
    if seen[name] then broken("(entry %d) revokes %s twice", index, quote(name)) end
    kept[index], seen[name] = outcome, true
  end
  for key in pairs(value) do
    if math.type(key) ~= "integer" or key > #kept then
      broken("is a list, and has no member %s", quote(tostring(key)))
    end
  end
  return kept
end

--- Options of the words that sign lists.
lists.OPTIONS = {
  after = { kind = options.artefact "crl" },
  revoke = { kind = lists.revocations },
}

--- What people hear of it.
function lists.phrase(word)
  local parts = {}
  if word.options.after then parts[1] = (" It keeps every entry of the %s."):format(word.options.after) end
  if word.options.serials then
    parts[#parts + 1] = (" It revokes the serial numbers in %s on the media."):format(word.options.serials)
  end
  for _, one in ipairs(word.options.revoke or {}) do
    parts[#parts + 1] = (" It revokes %s, as of %s, with the reason %s."):format(
      one.serial and "serial number " .. one.serial or "the " .. one.certificate, one.date, one.reason)
  end
  return table.concat(parts)
end

--- The certificates that a word revokes are at hand.
function lists.needs(word)
  local list = {}
  for _, one in ipairs(word.options.revoke or {}) do
    if one.certificate then list[#list + 1] = { one.certificate, "certificate" } end
  end
  return list
end

--- Why an entry's date is none that a list of this date can have; nil when all are well.
function lists.early(word, begins)
  for _, one in ipairs(word.options.revoke or {}) do
    if one.date > begins then
      return ("revokes %s as of %s, and the list is of %s: nothing is revoked in advance (RFC 5280 5.1.2.4)"):format(
        one.serial or one.certificate, one.date, begins)
    end
  end
  return nil
end

--- What can be known of it before anything is done.
function lists.review(word, review)
  local fault = word.options.begins and lists.early(word, word.options.begins)
  if fault then review:fault(word, fault) end
end

-- ---- what goes into it ----

--- The serial number of a certificate that this issuer signed.
local function serial_of(scene, name, issuer)
  local artefact = scene:artefact(name)
  local facts = host.certificate.read(artefact.content, name)
  if not host.certificate.signed(artefact.content, issuer.content) then
    scene:stop("the %s (%s) was not signed by the %s, and cannot stand on its list", name, facts.subject, issuer.name)
  end
  scene:input(artefact)
  return facts.serial, facts.subject
end

--- The lines of what is revoked now, each said aloud; what the register does not know is said too.
local function revoked_lines(word, scene, issuer, spki)
  local lines = {}
  for index, one in ipairs(word.options.revoke or {}) do
    local hex, subject = one.serial, nil
    if one.certificate then hex, subject = serial_of(scene, one.certificate, issuer) end
    scene:say("Revoked: serial number %s%s, as of %s, with the reason %s.", hex, subject and (" (%s)"):format(subject)
      or "", one.date, one.reason)
    if not scene.rehearsal and not scene.home:certificate(spki, hex) then
      scene:say("    This station's register does not know this serial number: the certificate is older than the "
        .. "register, was signed elsewhere, or never.")
    end
    lines[index] = ("%s %s %s\n"):format(hex, one.date, one.reason)
  end
  return table.concat(lines)
end

--- The newest list of an issuer in the register, below a number; nil when there is none.
local function registered(scene, spki, below)
  for number = math.min(scene.home:crl_number(spki), below - 1), 0, -1 do
    local known = scene.home:crl(spki, number)
    if known then return known, number end
  end
  return nil
end

--- Without a list before it, a list forgets what the register's last one revoked.
local function refuse_forgetting(word, scene, known, number)
  if word.options.after or not (known and known.content) then return end
  local facts = host.crl.read(host.crl.der(known.content), "the register's list")
  if facts.entries == 0 then return end
  scene:decide("forgotten", ("The newest list of the %s, number %d, revokes %d certificates, and this one would forget "
    .. 'them: the script lacks after = "...". Sign it without them all the same?'):format(word.options.under, number,
      facts.entries), { rule = FORGOTTEN, expected = "every revoked certificate on the next list (RFC 5280 3.3)",
      happened = ("list number %d revokes %d, and the script takes over none"):format(number, facts.entries),
      decided = "to sign a list without them" })
end

--- The list before is the one that the register has last; or the people say why not.
local function compare_before(word, scene, facts, known, number)
  local what = ("the %s has the number %d"):format(word.options.after, facts.number)
  if not known then
    scene:say("This station's register knows no list of the %s; %s.", word.options.under, what)
    return
  end
  if known.sha256 == facts.sha256 then
    scene:say("%s, the newest that this station's register knows.", (what:gsub("^t", "T")))
    return
  end
  local happened = ("%s (SHA-256 %s), and the newest of this station's register is number %d (SHA-256 %s)"):format(what,
    facts.sha256, number, known.sha256)
  scene:decide("before", ("%s. What only the other one revokes would be forgotten. Go on with the %s all the same?")
    :format((happened:gsub("^t", "T")), word.options.after), { rule = NOT_LAST, happened = happened,
    expected = "the list before is the newest of the register", decided = "to go on with " .. word.options.after })
end

--- What the list before says; it is older than the one that is made.
local function read_before(word, scene, before)
  local facts = host.crl.read(before.content, before.name)
  if not facts.number then scene:stop("the %s has no number, so that none can be above it", before.name) end
  if facts.this_update > word.begins then
    scene:stop("the %s is of %s, and the new list of %s: is the clock of this station behind, or the file another one?",
      before.name, facts.this_update, word.begins)
  end
  scene:say("The %s: number %d of %s, from %s to %s, with %s; each is kept.", before.name, facts.number, facts.issuer,
    facts.this_update, facts.next_update or "-", lists.count_text(facts.entries))
  return facts
end

--- The page's member that keeps the text of serial numbers.
local function serials_member(word) return host.page.slug(word.name) .. ".serials.txt" end

--- Lines, each with its end.
local function whole_lines(text) return (text == "" or text:sub(-1) == "\n") and text or text .. "\n" end

--- The text of serial numbers from the media, kept on the page; "" where none is asked for.
local function serials_text(word, scene)
  local file = word.options.serials
  if not file then return "" end
  local text = scene:media(file)
  scene:input { name = file, kind = "media", content = text }
  scene:evidence(serials_member(word), text)
  scene:say("The serial numbers in %s are revoked; its SHA-256 is %s.", file, host.digest.hex(text))
  return whole_lines(text)
end

--- Everything of a list but its number: {issuer, key, begins, ends, before, entries}, and the lowest number that the
--- list before leaves. `intent` is an earlier attempt's, whose questions were answered then.
function lists.draft(word, scene, issuer, spki, intent)
  local draft = { issuer = issuer.content, key = scene:held(word.options.with), begins = word.begins,
    ends = word.ends, entries_name = "revoke" }
  local known, number = registered(scene, spki, intent and intent.number or math.maxinteger)
  local lowest = 0
  if not intent then refuse_forgetting(word, scene, known, number) end
  if word.options.after then
    local before = scene:artefact(word.options.after)
    local facts = read_before(word, scene, before)
    if not intent then compare_before(word, scene, facts, known, number) end
    scene:input(before)
    draft.before, lowest = before.content, facts.number + 1
  end
  draft.entries_name = word.options.serials or draft.entries_name
  draft.entries = serials_text(word, scene) .. revoked_lines(word, scene, issuer, spki)
  return draft, lowest
end

--- The same once more, from a record (remade.lua).
function lists.again(word, at, issuer, made)
  local lines = {}
  for index, one in ipairs(word.options.revoke or {}) do
    local hex = one.serial or host.certificate.read(at:artefact(one.certificate).content, one.certificate).serial
    lines[index] = ("%s %s %s\n"):format(hex, one.date, one.reason)
  end
  local serials = word.options.serials and whole_lines(at:paper(serials_member(word))) or ""
  return { issuer = issuer.content, key = at:key_of(issuer.content), number = made.number, begins = word.begins,
    ends = word.ends, recorded = made.content, entries = serials .. table.concat(lines), scope = made.scope,
    before = word.options.after and at:artefact(word.options.after).content }
end

--- For a rehearsal: the lists that a plan receives under an issuer that `is_it` (name) takes, made with its throw-away
--- key, for the folder of the media. `scope` is where they are read, if they are to say so.
function lists.lay(made, folder, is_it, pem, key, now, scope)
  for _, step in ipairs(made.steps) do
    for _, word in ipairs(step.words) do
      local path = word.verb == "receive_list" and is_it(word.options.under) and folder .. "/" .. word.options.from
      if path and not host.file.exists(path) then
        host.file.write(path, (host.crl.issue { issuer = pem, key = key, number = 1, begins = dates.text(now),
          ends = dates.text(now + 86400), scope = scope }))
      end
    end
  end
end

--- "with 3 entries", for people.
function lists.count_text(count)
  return count == 0 and "no entry" or count == 1 and "one entry" or ("%d entries"):format(count)
end

return lists

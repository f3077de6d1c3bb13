---@meta
--- The module "host": revocation lists, and what lint finds. See host.d.lua.

-- luacheck: ignore

---@class host
local host = {}

---@class host.Draft
local Draft = {}

---@class host.List  what a revocation list is to be
---@field issuer string  PEM
---@field key host.Key|nil  not needed to announce it
---@field number integer
---@field begins string
---@field ends string
---@field before string|nil  DER of the list before, whose entries are kept byte for byte
---@field entries string|nil  a line each: SERIAL [DATE [REASON]] (revoked.h)
---@field entries_name string|nil  names them in messages
---@field scope string|nil  URL of a critical issuing distribution point

--- What issue would sign, without signing it: to be announced first.
---@param given host.List
---@return string tbs  SHA-256 of the to-be-signed part
---@return integer entries  how many there will be
function host.crl.announce(given) end

--- A revocation list, signed, read back and verified.
---@param given host.List
---@return string der
---@return string tbs  SHA-256 of the to-be-signed part
function host.crl.issue(given) end

--- Raises unless this issuer signed this list.
---@param text string  PEM or DER
---@param issuer_pem string
function host.crl.check(text, issuer_pem) end

--- What a list says: issuer, number, this_update, next_update, entries (how many), sha256, tbs_sha256, aki.
---@param text string  PEM or DER
---@param what string  names it in messages
---@return table facts
function host.crl.read(text, what) end

--- The entry of a serial number; nil when there is none.
---@param der string
---@param serial string  hex
---@return {date: string, reason: string}|nil entry  the reason's name in RFC 5280 5.3.1, "" when it has none
function host.crl.find(der, serial) end

--- The URL that its issuing distribution point names; nil when there is none.
---@param der string
---@return string|nil url
function host.crl.scope(der) end

--- Raises unless an entry may have this reason (RFC 5280 5.3.1, BR 7.2.2).
---@param name string
function host.crl.reason(name) end

--- The same list as PEM.
---@param text string  PEM or DER
---@return string pem
function host.crl.pem(text) end

--- The same list as DER.
---@param text string  PEM or DER
---@return string der
function host.crl.der(text) end

--- What lint finds in something that came in: a certificate, request or list, PEM or DER.
---@param given {text: string, what: string, profile: string, issuer: string|nil, request: string|nil}  PEM
---@return table evidence  lintreport.h, without name and waived
function host.lint.received(given) end

--- What lint finds in a list as issue would sign it, which a throw-away key has signed for it.
---@param given host.List  and profile, and perhaps previous: the issuer's list before it, where `before` is not given
---@return table evidence  lintreport.h, without name and waived
function host.lint.list(given) end

--- The same of a certificate that is prepared.
---@param profile string
---@return table evidence  lintreport.h, without name and waived
function Draft:lint(profile) end

--- The ids of all rules.
---@return string[] rules
function host.lint.rules() end

--- The names of the profiles; the first is meant where none is named.
---@return string[] profiles
function host.lint.profiles() end

return host

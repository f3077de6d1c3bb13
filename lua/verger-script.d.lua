---@meta
--- The words of a script, for a language server of Lua: an editor that has one completes them and checks their options.
--- Name this file in its setting `workspace.library`. What each word means: verger-script(5). A test holds this file
--- against the words that the program has.

-- luacheck: ignore

---@alias verger.kind "RSA-2048"|"RSA-3072"|"RSA-4096"|"P-256"|"P-384"|"P-521"
---@alias verger.purpose "server"|"client"|"server and client"

---@class verger.subject
---@field commonName? string
---@field organization? string|string[]
---@field organizationalUnit? string|string[]
---@field country? string|string[]  two capital letters
---@field locality? string|string[]
---@field province? string|string[]
---@field streetAddress? string|string[]
---@field postalCode? string|string[]
---@field serialNumber? string
---@field extraNames? table[]

---@class verger.entries
---@field cn? string[]
---@field dns? string[]
---@field ip? string[]
---@field email? string[]
---@field uri? string[]

--- What a word gives: it is only for the list of a step.
---@class verger.word

-- ---- the frame ----

---@class verger.ceremony
---@field version string
---@field approvals? integer|string[]  how many people, or who, approve the script beforehand
---@field profile? "private-internal"|"public-tls"|"etsi"|"us-federal"  by whose yardstick lint weighs

--- What the ceremony is called; the first line of a script.
---@param title string
---@return fun(options: verger.ceremony)
function ceremony(title) end

--- Who takes part: roles, each with a number of people, a name, or a list of names.
---@param roles table<string, integer|string|string[]>
function people(roles) end

--- The machines, each with what it is.
---@param names table<string, string>
function stations(names) end

---@class verger.step
---@field at string  the station
---@field witnessed_by? integer  how many of the witnesses seal its page
---@field [integer] verger.word

--- What is done at one station in one go, and becomes one page of the record.
---@param title string
---@return fun(body: verger.step)
function step(title) end

-- ---- the words ----

--- Say something; nobody answers.
---@param prose string
---@return verger.word
function say(prose) end

--- Ask something that must be answered with yes.
---@param prose string
---@return verger.word
function confirm(prose) end

---@class verger.initialize
---@field dns string[]
---@field address string  such as ":443"
---@field provisioner string
---@field ca_url? string
---@field acme? boolean
---@field no_db? boolean
---@field remote_management? boolean
---@field admin_subject? "step"
---@field ssh? false

--- Make the tree of an authority, as `step ca init` does.
---@param name string
---@return fun(options: verger.initialize): verger.word
function initialize(name) end

--- Unlink what initialize made in certs/ and secrets/.
---@param what "every generated key and certificate"
---@return verger.word
function purge(what) end

---@class verger.import
---@field from string  a file on the media

--- Bring in a root certificate.
---@param name string
---@return fun(options: verger.import): verger.word
function import(name) end

---@class verger.compare
---@field with string  what people compare it with

--- Read a fingerprint aloud and compare it.
---@param name string
---@return fun(options: verger.compare): verger.word
function compare(name) end

---@class verger.generate
---@field kind verger.kind
---@field to? string  a file of the station's own

--- Make a private key.
---@param name string
---@return fun(options: verger.generate): verger.word
function generate(name) end

---@class verger.request
---@field key string
---@field subject string|verger.subject
---@field template string  relative to the script
---@field as_step? boolean

--- Make a certificate request.
---@param name string
---@return fun(options: verger.request): verger.word
function request(name) end

---@class verger.unlock
---@field from string  a file on the media, or "the authority"
---@field by? "custodians"
---@field needed? integer

--- Open a private key for this step.
---@param name string
---@return fun(options: verger.unlock): verger.word
function unlock(name) end

---@class verger.sign
---@field request string
---@field with string
---@field under string
---@field valid_for? string  such as "5 years"; or `ends`
---@field begins? string
---@field ends? string
---@field template? string
---@field as_step? boolean

--- Sign the certificate that a request asks for.
---@param name string
---@return fun(options: verger.sign): verger.word
function sign(name) end

---@class verger.self_sign
---@field with string
---@field subject string|verger.subject
---@field template string  relative to the script
---@field as_step? boolean
---@field valid_for? string  such as "20 years"; or `ends`
---@field begins? string
---@field ends? string

--- Sign a root's certificate with its own key.
---@param name string
---@return fun(options: verger.self_sign): verger.word
function self_sign(name) end

---@class verger.publish_fallback
---@field with string
---@field under string
---@field after string
---@field serials? string
---@field revoke? verger.revoked[]
---@field valid_for? string  such as "3 days"; or `ends`
---@field begins? string
---@field ends? string

--- Sign the authority's revocation list in the place of step-ca.
---@param name string
---@return fun(options: verger.publish_fallback): verger.word
function publish_fallback(name) end

---@class verger.receive_list
---@field from string
---@field under string

--- Receive a revocation list from the media.
---@param name string
---@return fun(options: verger.receive_list): verger.word
function receive_list(name) end

---@class verger.receive_certificate
---@field from string  a file on the media

--- Put a certificate from the media on record.
---@param name string
---@return fun(options: verger.receive_certificate): verger.word
function receive_certificate(name) end

---@class verger.receive_request
---@field from string  a file on the media

--- Put a certificate request from the media on record.
---@param name string
---@return fun(options: verger.receive_request): verger.word
function receive_request(name) end

---@class verger.cross_sign
---@field certificate string
---@field with string
---@field under string
---@field template string  relative to the script
---@field as_step? boolean
---@field valid_for? string  such as "3 years"; or `ends`
---@field begins? string
---@field ends? string

--- Sign another CA's subject and key once more.
---@param name string
---@return fun(options: verger.cross_sign): verger.word
function cross_sign(name) end

---@class verger.issue
---@field request string
---@field with string
---@field under string
---@field names string[]
---@field template? string  relative to the script
---@field as_step? boolean
---@field valid_for? string  such as "395 days"; or `ends`
---@field begins? string
---@field ends? string

--- Issue a server's certificate under the policy of ca.json.
---@param name string
---@return fun(options: verger.issue): verger.word
function issue(name) end

---@class verger.publish
---@field with string
---@field under string
---@field url string
---@field valid_for? string  such as "6 months"; or `ends`
---@field begins? string
---@field ends? string
---@field after? string
---@field revoke? verger.revoked[]

---@class verger.revoked
---@field serial? string  hex; or `certificate`
---@field certificate? string
---@field date string
---@field reason string  RFC 5280 5.3.1

--- Sign a revocation list.
---@param name string
---@return fun(options: verger.publish): verger.word
function publish(name) end

--- Put the authority's certificate in its place.
---@param name string
---@return verger.word
function install(name) end

---@class verger.revocation
---@field url string
---@field on_revoke? boolean
---@field cache? string  such as "24h"
---@field renew? string
---@field listen? string

--- Have step-ca make a revocation list.
---@param options verger.revocation
---@return verger.word
function revocation(options) end

---@class verger.leaf
---@field provisioner string

--- What the certificates of a provisioner are for.
---@param purpose verger.purpose
---@return fun(options: verger.leaf): verger.word
function leaf(purpose) end

---@class verger.claims
---@field provisioner string
---@field min? string
---@field max? string
---@field default? string

--- How long the certificates of a provisioner may live.
---@param options verger.claims
---@return verger.word
function claims(options) end

---@class verger.policy
---@field allow? verger.entries
---@field deny? verger.entries
---@field wildcards? boolean
---@field constrain? boolean

--- For which names step-ca gives certificates out.
---@param options verger.policy
---@return verger.word
function policy(options) end

--- Judge the whole tree.
---@param what "the authority"
---@return verger.word
function check(what) end

--- Ask everybody, in the last step, whether the script was followed.
---@param question string
---@return verger.word
function attest(question) end

--- Take over the tree that is there already.
---@param what "the authority"
---@return verger.word
function adopt(what) end

---@class verger.waive
---@field because string
---@field by string  a role that one person fills

--- Let what a rule of lint finds pass in what follows in this step.
---@param rule string
---@return fun(options: verger.waive): verger.word
function waive(rule) end

---@class verger.backup
---@field to string[]  media, as people call them
---@field certificate? string

--- Copy an encrypted key to media, and try each copy.
---@param name string
---@return fun(options: verger.backup): verger.word
function backup(name) end

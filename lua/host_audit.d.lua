---@meta
--- What audit/ does for the module "host" (host.d.lua): pages, the record, stations and their seals.

-- luacheck: ignore

---@class host
local host = {}

---@class host.Signer  what an enrolled certificate says
---@field name string
---@field station string  "" for a witness
---@field rehearsal boolean
---@field sha256 string

---@class host.Page  the page of one step, while it is walked
local Page = {}

--- Lines of the transcript, with the time.
---@param text string
function Page:say(text) end

--- A public file that the step sets. Raises when there is a private key in it.
---@param path string  in the station's authority
---@param bytes string
---@param mode integer
function Page:file(path, bytes, mode) end

--- A public file that goes.
---@param path string
function Page:remove(path) end

--- A folder that comes.
---@param path string
---@param mode integer
function Page:folder(path, mode) end

--- A piece of evidence, evidence/<name>. Raises when there is a private key in it.
---@param name string
---@param bytes string
function Page:evidence(name, bytes) end

--- A member under a name of its own (page 0 only).
---@param name string
---@param bytes string
function Page:member(name, bytes) end

--- Something that the step used.
---@param entry {name: string, kind: string}
function Page:input(entry) end

--- Something that the step made.
---@param entry {name: string, kind: string}
function Page:output(entry) end

--- Something that did not go as the script says.
---@param entry {rule: string, expected: string, happened: string, decided: string, by: string}  by: one of people
function Page:deviation(entry) end

--- Make it a closing page, which nothing follows.
---@param entry {step: integer, by: string, why: string}
function Page:abort(entry) end

--- The outputs so far.
---@return table[] outputs
function Page:outputs() end

--- What this page sets for a path.
---@param path string
---@return string|nil bytes
function Page:pending(path) end

---@class host.PageHead
---@field ceremony_id string
---@field ceremony_title string
---@field ceremony_version string
---@field number integer
---@field title string
---@field slug string
---@field station string
---@field rehearsal boolean
---@field unattended boolean
---@field people table[]
---@field versions table
---@field previous string
---@field not_before integer
---@field seals_required table[]

--- Open a page; takes the clock. Raises when the clock is before `not_before` (seconds since 1970).
---@param head host.PageHead
---@return host.Page page
function host.page.open(head) end

--- The part of a page's file name that comes from its title: [a-z0-9-], at most 60.
---@param title string
---@return string|nil slug  nil: the title has no letter and no digit of ASCII
function host.page.slug(title) end

---@class host.Record  the folder of pages, seals and ledger
local Record = {}

--- The folder that it lies in.
---@return string path
function Record:folder() end

--- How many pages there are, page 0 included.
---@return integer
function Record:count() end

--- Hash of the newest page; zeros when there is none.
---@return string hex
function Record:head() end

--- When the newest page was finished.
---@return integer seconds  since 1970; 0 when there is none
function Record:finished() end

--- The newest page that is not one that revokes a signer.
---@return integer
function Record:walked() end
--- For how many witnesses' seals that page waits.
---@return integer
function Record:waits() end

--- Seal the newest page with the key of a witness: for rehearsals, where nobody is there to do it.
---@param home string  with seal.key and seal.crt
---@param secret host.Secret
function Record:witness(home, secret) end

--- Hash of a page.
---@param number integer
---@return string hex
function Record:digest(number) end

--- A page's page.json.
---@param number integer
---@return table
function Record:page(number) end

--- A member of a page.
---@param number integer
---@param name string
---@return string|nil bytes
function Record:member(number, name) end

--- A file in the ledger's newest tree.
---@param path string  STATION/path
---@return string|nil bytes
function Record:file(path) end

--- Every file in the ledger's newest tree.
---@return string[] paths  STATION/path, sorted
function Record:files() end

--- The newest output of that name, and the number of its page.
---@param name string
---@return table|nil output
---@return integer|nil number
function Record:output(name) end

--- All outputs, oldest first, each with the station of its page.
---@return table[] outputs
function Record:outputs() end

--- Say who may seal this record, before page 0 is committed.
---@param page host.Page
---@param pems string[]
function Record:enrol(page, pems) end

--- Who may seal the next page, and who could once: {label, station ("" for a witness), name, sha256, certificate (PEM),
--- revoked (the page that revokes it, or nil)}.
---@return table[]
function Record:signers() end

--- Make a page, the next one, one that revokes a signer; raises why that cannot be.
---@param page host.Page|nil  nil: it is only asked whether it can be
---@param entry table  {label, sha256, reason, why, by}
---@param pem string|nil  the certificate in its stead
---@param what string  its name in errors
function Record:revoke(page, entry, pem, what) end

--- Close a page, seal it, put it into its place, move its files, write the ledger. Nothing has happened when it raises
--- before the page is in its place.
---@param page host.Page
---@param station host.Station
function Record:commit(page, station) end

--- Finish what an earlier run of this station left undone.
---@param station host.Station
---@return string done  a sentence, "" when nothing was
function Record:recover(station) end

--- Keep, durably, what must not be lost before its page is sealed.
---@param number integer  of the page
---@param name string
---@param bytes string
function Record:stage(number, name, bytes) end

--- What an earlier attempt at a page kept.
---@param number integer
---@param name string
---@return string|nil bytes
function Record:staged(number, name) end

--- Raises unless there is a free place to keep something under that name. To be asked before it is signed.
---@param number integer
---@param name string
---@return true
function Record:can_stage(number, name) end

--- Throw away what lies there for a page. For one of which this station's journal has no intent: nothing that it signed
--- is among it, and whoever may write to the record put it there.
---@param number integer
---@return integer count  how many files there were
function Record:discard_staged(number) end

--- Unlock it; it cannot be used any more.
function Record:close() end

--- Open a record and check it whole; what is no record is refused, and so is one that another verger works on.
---@param folder string
---@param create boolean  to go on with it, locked; a folder that is empty or not there becomes one
---@return host.Record record
function host.record.open(folder, create) end

---@class host.Home  what stays at a station: journal, register, the last head; locked while it is open
local Home = {}

--- Where it is.
---@return string path
function Home:folder() end

--- Add an event to the journal; it is durable when this returns.
---@param event {kind: "attempt"|"intent"|"decided"|"sealed"|"recovered", ceremony: string, page: integer}
function Home:journal(event) end

---@class host.Signature
---@field kind "certificate"|"crl"
---@field issuer_spki string
---@field serial string|nil  of a certificate, and spki_sha256 with it
---@field spki_sha256 string|nil
---@field number integer|nil  of a list
---@field tbs_sha256 string
---@field sha256 string
---@field content string  PEM; it stays at home
---@field ceremony string
---@field page integer

--- Add what a key at this station signed to the register; durable when this returns.
---@param entry host.Signature
function Home:register(entry) end

--- Events of the journal of one page, oldest first.
---@param ceremony string  its id
---@param page integer
---@return table[] events
function Home:events(ceremony, page) end

--- Number of the newest list that the register knows of an issuer.
---@param issuer_spki string
---@return integer number  -1: none
function Home:crl_number(issuer_spki) end

--- Whether the register knows a certificate of this serial number.
---@param issuer_spki string
---@param serial string
---@return boolean
function Home:serial_used(issuer_spki, serial) end

--- The register's newest entry of a certificate, its PEM in `content`.
---@param issuer_spki string
---@param serial string
---@return table|nil entry
function Home:certificate(issuer_spki, serial) end

--- The register's newest entry of a revocation list, its PEM in `content`.
---@param issuer_spki string
---@param number integer
---@return table|nil entry
function Home:crl(issuer_spki, number) end

--- Lock one more folder, the authority; given back with the home. Raises when another verger has it.
---@param folder string
function Home:lock(folder) end

--- The newest head that this station saw of a ceremony, and the number of its page.
---@param ceremony string
---@return string|nil head
---@return integer|nil page
function Home:head(ceremony) end

--- Remember a head; durable when this returns.
---@param ceremony string
---@param head string
---@param page integer
function Home:set_head(ceremony, head, page) end

--- Unlock it; it cannot be used any more.
function Home:close() end

--- Open and lock a home. Raises when another verger has it.
---@param folder string
---@return host.Home home
function host.home.open(folder) end

---@class host.RegisterEnd  where the entries of an issuer end
---@field issuer_spki string
---@field entries integer  how many there are
---@field sha256 string  of the last line; zeros when there is none
---@field ceremony string  of the last entry, "" when there is none

--- The register's lines of these issuers, as a page seals them.
---@param home host.Home
---@param issuer_spkis string[]
---@return string lines  "" when there is none
function host.register.text(home, issuer_spkis) end

--- The end of an issuer's entries; with a ceremony's id, of those that come before its first one.
---@param home host.Home
---@param issuer_spki string
---@param before string|nil
---@return host.RegisterEnd
function host.register.last(home, issuer_spki, before) end

--- The ends in a page's register. Raises when it breaks a rule.
---@param text string
---@param what string  name of the page, for errors
---@return host.RegisterEnd[]
function host.register.read(text, what) end

--- How the home's entries of an issuer stand to those of a page's register.
---@param home host.Home
---@param text string
---@param what string
---@param issuer_spki string
---@return "same"|"behind"|"ahead"|"forked"
function host.register.compare(home, text, what, issuer_spki) end

--- How the home's entries before a ceremony stand to an end that is known; "behind" says only that there are fewer.
---@param home host.Home
---@param issuer_spki string
---@param before string  a ceremony's id
---@param entries integer
---@param sha256 string
---@return "same"|"behind"|"ahead"|"forked"
function host.register.place(home, issuer_spki, before, entries, sha256) end

--- Take over what a page's register has more. Raises, and takes nothing, when the two tell different histories.
---@param home host.Home
---@param text string
---@param what string
---@return integer count  of entries that were taken over
function host.register.adopt(home, text, what) end

---@class host.Station  who seals here, and where the files lie
local Station = {}

--- Put a key, encrypted, into the authority's staging; it moves to its place when the page is committed.
---@param place string  in the authority
---@param key host.Key
---@param secret host.Secret
function Station:stage_key(place, key, secret) end

--- Raises unless a page could set these paths of the authority: it is there, no link is on the way or at the end, what
--- is there already is of the same kind, and the folders can be written to. To be asked before anything irreversible.
---@param paths string[]  from the authority's folder; with "/" at its end a path is a folder's
function Station:ready(paths) end

--- Its sealing certificate.
---@return string pem
function Station:certificate() end

--- Remove the keys that were staged for a page that was not made.
function Station:discard() end

--- Open the sealing key of a home. Raises host.WrongPassword, and when the home is another station's.
---@param given {name: string, home: string, authority: string, secret: host.Secret, keeper: host.Home}
---@return host.Station station
function host.station.open(given) end

--- What lies in an authority's tree, sorted; nothing in secrets/ and db/ is opened. Raises unless the folder is the
--- user's own and nobody else can write to it.
---@param folder string
---@return {path: string, kind: "folder"|"file"|"key"|"other", mode: integer, why: string|nil}[] things
function host.authority.survey(folder) end

--- A live tree against the end of a record: that of the station of this name, or else of the one that has a ca.json.
---@param record host.Record
---@param station string
---@param folder string
---@return {identical: boolean, text: string}|nil report  text for people; nil: the record has no such tree
function host.authority.compare(record, station, folder) end

--- How the content of a file changes, for people: JSON by member, certificates and lists by field.
---@param before string
---@param after string
---@return string lines
function host.authority.change(before, after) end

---@class host.Approval
---@field text string  the approval
---@field seal string  detached CMS
---@field plan string  as page 0 keeps it
---@field started integer  seconds since 1970
---@field what string  name of the file, for errors

--- Judge an approval of this plan for a ceremony that starts then. Raises what is wrong with it.
---@param given host.Approval
---@return {name: string, sha256: string} signer
function host.approval.judge(given) end

---@class host.Enrolment
---@field folder string
---@field name string
---@field station string|nil
---@field rehearsal boolean
---@field secret host.Secret
---@field now integer

--- Make a sealing key and its certificate in a folder that has none.
---@param given host.Enrolment
function host.seal.enrol(given) end

--- What an enrolled certificate says. Raises when it is none.
---@param pem string
---@param what string  name of the file, for errors
---@return host.Signer signer
function host.seal.signer(pem, what) end

---@meta
--- What ceremony/ does for the module "host" (host.d.lua): keys, certificates, requests, lists, the authority.

-- luacheck: ignore

---@class host
local host = {}

---@class host.Secret  a password in memory of its own, which is cleansed when Lua collects the box; it shows nothing

---@class host.Facts  what people and pages need to know of a certificate
---@field subject string  one line
---@field issuer string
---@field serial string  hex
---@field not_before string
---@field not_after string
---@field key string  "RSA-3072", "P-256", ...
---@field spki_sha256 string  of its SubjectPublicKeyInfo
---@field sha256 string|nil  of the DER: its fingerprint; nil of a draft
---@field ca boolean
---@field path_length integer|nil  nil: no limit
---@field ski string|nil  hex
---@field aki string|nil  hex
---@field crl_urls string[]  of its crlDistributionPoints
---@field signature string  OpenSSL's long name of the algorithm
---@field key_usage string[]  in step's names

---@class host.AuthorityOptions  what `step ca init` asks
---@field folder string  absolute path of the tree
---@field name string  of the PKI
---@field dns string[]
---@field address string  ":443", "host:443"
---@field provisioner string
---@field ca_url string|nil
---@field no_db boolean|nil
---@field acme boolean|nil

---@class host.Finding
---@field severity "error"|"warning"|"note"
---@field rule string
---@field place string  file and member
---@field text string
---@field clause string  of the standard, "" when it is step-ca's own rule

---@class host.Key  a private key; its bytes never come to Lua
local Key = {}

--- What it is, for people and pages.
---@return string kind  "RSA-3072", "P-384", ...
function Key:kind() end

--- SHA-256 of its SubjectPublicKeyInfo.
---@return string hex
function Key:spki() end

--- Cleanse it now, and not when Lua collects it.
function Key:close() end

--- Make a key.
---@param kind "RSA-2048"|"RSA-3072"|"RSA-4096"|"P-256"|"P-384"|"P-521"
---@return host.Key key
function host.key.generate(kind) end

--- Read a private key in an encoding that step-ca reads too. Raises host.WrongPassword.
---@param pem string|host.Secret
---@param secret host.Secret|nil  nil: the key is not encrypted
---@param what string  name of the file, for errors
---@return host.Key key
function host.key.parse(pem, secret, what) end

--- Whether a PEM text is an encrypted key; false also when it is no key at all.
---@param pem string|host.Secret
---@return boolean
function host.key.is_encrypted(pem) end

--- Write a key, encrypted, into a new file of mode 0600; one that is there is an error.
---@param path string
---@param key host.Key
---@param secret host.Secret
function host.key.write(path, key, secret) end

--- A secret that nobody knows: 32 random bytes as 43 characters.
---@return host.Secret secret
function host.secret.random() end

--- Raises unless it is strong enough for what anybody may hold encrypted: 12 bytes, 6 different ones.
---@param secret host.Secret
---@param name string  of the password, for the error
function host.secret.check(secret, name) end

--- What host.secret.check asks for, to stand in a question.
---@return string rule
function host.secret.rule() end

--- Secrets one behind the other, with nothing between.
---@param list host.Secret[]  at least one
---@return host.Secret all
function host.secret.join(list) end

--- A fresh password in parts, of which `needed` give it.
---@param needed integer  2 to count
---@param count integer  at most 20
---@return host.Secret password
---@return host.Secret[] parts
function host.share.split(needed, count) end

--- Raises unless a secret is, in form, that part of a password that `needed` parts give.
---@param part host.Secret
---@param number integer  from 1
---@param needed integer
function host.share.check(part, number, needed) end

--- The password that parts give.
---@param parts host.Secret[]
---@return host.Secret password
function host.share.combine(parts) end

--- A fresh P-256 key as step's provisioner has it: the public JWK, and the private half as a JWE.
---@param secret host.Secret  under which the JWE is encrypted
---@return {kid: string, jwk: string, jwe: string} provisioner  jwk is JSON text
function host.jose.provisioner(secret) end

--- What a certificate says. The text holds exactly one, PEM or DER, and no private key.
---@param text string
---@param what string  name of the file, for errors
---@return host.Facts facts
function host.certificate.read(text, what) end

--- The same certificate as PEM and nothing else.
---@param text string
---@param what string
---@return string pem
function host.certificate.normal(text, what) end

--- The same certificate as DER.
---@param pem string
---@return string der
function host.certificate.der(pem) end

--- Raises what makes it unfit to be the root at that time: no CA, not self-signed, out of date, weak, ...
---@param pem string
---@param now integer  seconds since 1970
---@param what string
function host.certificate.check_root(pem, now, what) end

--- Raises what makes it unfit to be an intermediate under that root, or for step-ca.
---@param pem string
---@param root_pem string
---@param now integer  seconds since 1970; 0: held against the root's dates only
---@param what string
function host.certificate.check_intermediate(pem, root_pem, now, what) end

--- SHA-256 of the to-be-signed part of a certificate that this issuer's key signed and that is not the issuer's own;
--- nil for everything else, be it a certificate or not.
---@param text string
---@param issuer_pem string
---@return string|nil tbs
function host.certificate.signed(text, issuer_pem) end

--- SHA-256 of the to-be-signed part of a self-signed certificate; nil for everything else, be it a certificate or not.
---@param text string
---@return string|nil tbs
function host.certificate.signed_itself(text) end

--- A certificate's subject in step's members.
---@param text string
---@param what string
---@return table subject
function host.certificate.subject(text, what) end

---@class host.CaSubject
---@field organization string|nil
---@field name string
---@field path_length integer
---@field not_before integer
---@field not_after integer
---@field country string|nil

--- A CA certificate as `step ca init` makes it; self-signed without an issuer. `path_length` -1: no limit; dates in
--- seconds since 1970.
---@param subject host.CaSubject
---@param key host.Key
---@param issuer_pem string|nil
---@param issuer_key host.Key|nil
---@return string pem
function host.certificate.make_ca(subject, key, issuer_pem, issuer_key) end

--- A fresh serial number: 0x01 and 128 random bits.
---@return string hex
function host.certificate.serial() end

---@class host.Draft  a certificate but for its signature
local Draft = {}

--- SHA-256 of the to-be-signed part; the same draft gives the same.
---@return string hex
function Draft:tbs() end

--- What the certificate will say; without sha256.
---@return host.Facts facts
function Draft:facts() end

--- Its extensions, in order.
---@return {id: string, name: string, critical: boolean, text: string}[] extensions
function Draft:extensions() end

--- The names of its subject, as a policy is asked about them: alternative names, then common names. Raises when there is
--- one that no policy can judge.
---@return {type: string, name: string}[] names
function Draft:names() end

--- What a cross-certificate has otherwise than its original. Raises of any other draft.
---@return host.Difference[] differences  from the original's to its own
function Draft:crossed() end

--- Sign it, read it back, verify it under its issuer and compare it with the draft.
---@return string pem
function Draft:sign() end

--- Raises unless a certificate is in every field what the draft asks for.
---@param pem string
function Draft:conforms(pem) end

---@class host.DraftGiven
---@field profile string
---@field template string
---@field request string|nil  nil: of a root, or of a cross-certificate
---@field original string|nil  of a cross-certificate: the one whose subject and key it has
---@field issuer string|nil  nil: it is a root, and signs itself
---@field server boolean|nil  a server's, and no CA's
---@field key host.Key
---@field serial string
---@field begins string
---@field ends string
---@field as_step boolean|nil  read the profile as step does

--- Prepare a certificate. Raises what would make it wrong: issuer and key do not match, dates or path length outside
--- the issuer's, a profile that is none, one that is not fit for what it is to be. `profile` is the JSON that the
--- template gave; `template` its name, for errors.
---@param given host.DraftGiven
---@return host.Draft draft
function host.certificate.draft(given) end

--- Make a request with the extensions that step puts into one.
---@param key host.Key
---@param certificate_json string  what the template gave
---@param what string  name of the template, for errors
---@param as_step boolean|nil  read it as step does, who passes over much in silence
---@return string pem
function host.request.create(key, certificate_json, what, as_step) end

--- The same request as PEM and nothing else. Raises when its proof of possession does not verify.
---@param text string
---@param what string
---@return string pem
function host.request.normal(text, what) end

--- What a request says; `json` is what a template sees of it. Raises when its proof of possession does not verify.
---@param text string
---@param what string
---@return {subject: string, key: string, spki_sha256: string, json: table} facts
function host.request.read(text, what) end

--- What a certificate will be that this JSON asks for. Raises what is wrong with it.
---@param certificate_json string
---@param what string  name of the template, for errors
---@param as_step boolean|nil  read it as step does, who passes over much in silence
---@return {subject: string, is_ca: boolean, path_length: integer, key_usage: string, crl_urls: string[]} facts
--- path_length -1: no limit
function host.profile.check(certificate_json, what, as_step) end

--- What step takes from this JSON in silence and what then hurts (profilelint.h); places begin with "rendered: ".
---@param certificate_json string
---@return host.Finding[] findings
function host.profile.lint(certificate_json) end

--- Raises what is wrong with a subject in step's members.
---@param subject table
function host.profile.check_subject(subject) end

--- Raises what `step ca init` or step-ca would not take.
---@param options host.AuthorityOptions
function host.config.check_options(options) end

--- A ca.json as `step ca init` writes it.
---@param options host.AuthorityOptions
---@param provisioner {jwk: string, jwe: string}
---@return string text
function host.config.ca_json(options, provisioner) end

--- A defaults.json as `step ca init` writes it.
---@param options host.AuthorityOptions
---@param fingerprint string  of the root
---@return string text
function host.config.defaults_json(options, fingerprint) end

--- The value at a path such as "authority.provisioners.0.name" in a JSON text.
---@param text string
---@param path string
---@return any value  nil: there is none
function host.config.get(text, path) end

--- The value at a path as JSON, its members in the order that they have. Raises when there is none.
---@param text string
---@param path string
---@return string json
function host.config.text(text, path) end

--- The text with only that member changed or added; all else keeps its bytes.
---@param text string
---@param path string
---@param value any
---@return string text
function host.config.set(text, path, value) end

--- A duration as Go reads it ("24h", "16h30m").
---@param text string
---@return string text  as Go prints it
function host.config.duration(text) end

--- Whether one duration is longer than another.
---@param a string
---@param b string
---@return boolean
function host.config.longer(a, b) end

--- Raises why a text is no absolute http or https URL, as a phrase that stands behind it.
---@param text string
function host.config.check_url(text) end

--- Raises why no server can listen at ":443" or "host:443", as a phrase that stands behind it.
---@param text string
function host.config.check_address(text) end

--- Whether a text is an IPv4 or IPv6 address.
---@param text string
---@return boolean
function host.config.is_address(text) end

--- Judge a whole tree as step-ca would at its start, and stricter.
---@param folder string  absolute path of the tree
---@param peek fun(path: string): string|nil  a file of the tree; nil: it is not there
---@param secret host.Secret|nil  opens the intermediate's key; nil: what is inside is not judged
---@param now integer  seconds since 1970
---@return host.Finding[] findings
function host.config.check(folder, peek, secret, now) end

--- Raises why step-ca would not start with an entry of its policy.
---@param type "cn"|"dns"|"ip"|"email"|"uri"
---@param entry string
function host.policy.check_entry(type, entry) end

--- The same for a whole policy object.
---@param policy table
function host.policy.check(policy) end

--- Which of these names the policy of a ca.json does not let step-ca give out, the first, and by which rule.
---@param ca_json string
---@param names {type: string, name: string}[]
---@return string|nil refused  nil: all are allowed
function host.policy.ask(ca_json, names) end

--- The member "nameConstraints" of step's certificate JSON with which a certificate says what a policy says. Raises
--- what no constraint can say, and the first of the authority's own names that it would forbid.
---@param policy table
---@param names string[]  the authority's own
---@return table constraints
function host.policy.name_constraints(policy, names) end

---@class host.Remade  an artefact made once more
---@field verdict "identical"|"resigned"|"unsigned"|"different"  resigned: the same to-be-signed part under another
--- signature; unsigned: the same to-be-signed part, and no key to sign it with
---@field differences host.Difference[]

---@class host.Difference  of JSON by member, of certificates and lists by field
---@field path string  "authority.policy", "extensions[1].text"
---@field before any  nil: it was added
---@field after any  nil: it was removed

---@class host.RemadeCertificate  request, original and issuer as in host.DraftGiven
---@field profile string
---@field template string
---@field request string|nil
---@field original string|nil
---@field issuer string|nil
---@field key host.Key|nil  of the issuer
---@field serial string
---@field begins string
---@field ends string
---@field as_step boolean|nil
---@field recorded string  PEM

--- Make a certificate again and compare it. Without the issuer's key only what would be signed. Raises what cannot be
--- made at all.
---@param given host.RemadeCertificate
---@return host.Remade remade
function host.remake.certificate(given) end

--- The same of a revocation list without an entry.
---@param given {issuer: string, key: host.Key|nil, number: integer, begins: string, ends: string, recorded: string}
---@return host.Remade remade
function host.remake.crl(given) end

--- The same of a request, for the public key that it has: what its holder signed.
---@param given {profile: string, template: string, as_step: boolean|nil, recorded: string}
---@return host.Remade remade
function host.remake.request(given) end

--- What differs between two JSON texts.
---@param before string
---@param after string
---@param what string  names them in messages
---@return host.Difference[] differences
function host.remake.json(before, after, what) end

return host

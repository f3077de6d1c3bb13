---@meta
--- The module "host": all that reaches C. This file and host_*.d.lua document it and are never loaded;
--- tests/lua/test_host.lua holds them against the tables that lua/api*.c register.
---
--- Every function raises its error as a text that names file or field, rule and remedy, and says nothing of secrets;
--- none returns nil and a message. What is "or nil" below is an answer, not a failure. A wrong password, where one can
--- be wrong, is raised as a table: host.WrongPassword. A wrong type of argument is Lua's own argument error.
---
--- Hashes are SHA-256 in 64 lower-case hex digits; times are RFC 3339 in UTC with whole seconds, or seconds since 1970
--- where they say so; modes are numbers (384 is 0600). Bytes are Lua strings.

-- luacheck: ignore

---@class host.WrongPassword
---@field wrong_password true
---@field message string  what was not opened

---@class host
local host = {}

--- Contents of vendor/pins, as this program carries them.
---@type string
host.pins = ""

--- What really runs: {verger, binary_sha256, openssl, libarchive, libgit2, jansson, libidn2, lua}; and of the programs
--- that will use what is made, step and step-ca, hash and path where they are installed.
---@param programs boolean|nil  these too
---@return table<string, string>
function host.versions(programs) end

--- SHA-256 of bytes.
---@param bytes string|host.Secret
---@return string hex
function host.digest.hex(bytes) end

--- A hash in groups of four digits, as it is read aloud.
---@param hex string
---@param per_line integer  groups on a line
---@return string lines
function host.digest.groups(hex, per_line) end

--- A hash as 32 words of the PGP word list.
---@param hex string
---@param per_line integer  words on a line
---@return string lines
function host.digest.words(hex, per_line) end

--- One of these words.
---@param hex string
---@param n integer  0 to 31
---@return string word
function host.digest.word(hex, n) end

--- A fresh id for a ceremony.
---@return string id  32 random hex digits
function host.digest.random_id() end

--- Two of the 32 words of a head, chosen at random.
---@return integer[] places  two different numbers from 1 to 32, in order
function host.digest.two_places() end

--- Canonical JSON. Tables are arrays when they have a [1] or are marked so, else objects; fractions, functions, cycles
--- and more than 32 levels are errors.
---@param value any
---@return string text
function host.json.encode(value) end

--- One JSON value; objects and arrays become tables, null becomes nil. Duplicate keys are errors.
---@param text string
---@param what string  name of the file, for errors
---@return any value
function host.json.decode(text, what) end

--- Mark a list of pairs as an object whose members keep this order.
---@param pairs table[]  {{key, value}, ...}
---@return table object  the same table
function host.json.object(pairs) end

--- Mark a list as an array, also when it is empty.
---@param list any[]
---@return any[] array  the same table
function host.json.array(list) end

--- A regular file of at most 4 MiB.
---@param path string
---@return string bytes
function host.file.read(path) end

--- A private key's file: the bytes of a regular file of at most 64 KiB, in memory of their own. Raises when group or
--- others have any permission for it, or when it is a link.
---@param path string
---@return host.Secret content  for host.key.parse and host.key.is_encrypted
function host.file.read_private(path) end

--- A new file of mode 0600; one that is there is an error (rehearsals only).
---@param path string
---@param bytes string
function host.file.write(path, bytes) end

--- Whether there is anything of that name; links are not followed.
---@param path string
---@return boolean
function host.file.exists(path) end

--- Whether it is a folder, or a link to one.
---@param path string
---@return boolean
function host.file.is_folder(path) end

--- Names in a folder, sorted.
---@param path string
---@return string[] names
function host.file.list(path) end

--- Make a folder of mode 0700; one that is there is fine.
---@param path string
function host.file.make_folder(path) end

--- Make a folder of mode 0700; one that is there is an error.
---@param path string
function host.file.make_new_folder(path) end

--- Remove a folder and all in it.
---@param path string
function host.file.remove_folder(path) end

--- The files of one folder of an authority. Raises on anything but regular files.
---@param authority string
---@param folder string  "certs", "secrets"
---@return {path: string, size: integer}[] files  path from the authority's folder; size in bytes
function host.file.inventory(authority, folder) end

--- Unlink a file, make that durable, and assert that it is gone.
---@param authority string
---@param path string  from the authority's folder
function host.file.purge(authority, path) end

--- Absolute path without links, also of what is not there yet in a folder that is.
---@param path string
---@return string path
function host.file.real(path) end

--- Whether one path is the other or lies in it, links resolved.
---@param inner string
---@param outer string
---@return boolean
function host.file.is_inside(inner, outer) end

--- Raises unless the file system of a folder has so much free space.
---@param path string
---@param bytes integer
function host.file.check_room(path, bytes) end

--- Run a script and describe it (sandbox.h). Raises "path:line: text" with what is wrong with it.
---@param path string
---@param verbs string[]  at most 64
---@param text string|nil  the script, when it is not to be read from the path
---@return {path: string, name: string, sha256: string, text: string, description: table} script
function host.script.describe(path, verbs, text) end

--- The text of a template that lies beside a script; links are not followed.
---@param script string  path of the script
---@param path string  relative to the script's folder, [A-Za-z0-9._/-]
---@return string text
function host.script.template(script, path) end

--- Say something to the people in the room. All of host.room raises where nobody is asked (agenda).
---@param text string
function host.room.say(text) end

--- Clear the people's screen, where there is one: somebody is there alone, or was.
function host.room.clear() end

--- Ask for one line. Raises when there is neither a terminal nor an answer for this id.
---@param id string  step.verb.n, as an answers file has it
---@param question string
---@return string|nil answer  trimmed, not empty, not beginning with !
---@return "stop"|"exception"|nil reply  when there is no answer; asking.lua handles both
function host.room.ask(id, question) end

--- Ask for one of several words; there is no default.
---@param id string
---@param question string
---@param choices string[]  "stop" is one of them
---@return string chosen
function host.room.choose(id, question, choices) end

--- Whether an answers file has a value for this id.
---@param id string
---@return boolean
function host.room.has_answer(id) end

--- Ask for a secret: from its password file, else from the terminal, without echo.
---@param name string  as in --password-file NAME=FILE
---@param question string
---@param is_new boolean  typed twice, and equal
---@param attempt integer  from 1; a password file answers the first only
---@return host.Secret|nil secret
---@return "stop"|nil reply  when there is no secret
function host.room.secret(name, question, is_new, attempt) end

--- The time.
---@return string time
function host.clock.now() end

--- The time.
---@return integer seconds  since 1970
function host.clock.seconds() end

return host

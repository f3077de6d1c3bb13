---@meta
--- What ceremony/ does for backups (host.d.lua): media, and the proof that a key is there.

-- luacheck: ignore

---@class host
local host = {}

local Key = {}

--- Its SubjectPublicKeyInfo.
---@return string pem  "PUBLIC KEY"
function Key:public() end

--- Sign a text, to show that the key is there (proof.h).
---@param text string  one that is no DER: it does not begin with 0
---@return string signature  base64
function Key:prove(text) end

--- Raises unless a signature is over that text, by the key of that public half.
---@param public_pem string
---@param spki string  SHA-256 that its SubjectPublicKeyInfo must have
---@param text string
---@param signature string  base64
function host.key.check_proof(public_pem, spki, text, signature) end

--- What a medium's folder lies on.
---@param folder string
---@return {device: string, filesystem: string} facts  major:minor; "ext4", "vfat", ...
function host.medium.look(folder) end

--- Put an encrypted key's file on a medium: whole or not there, mode 0600, durable. Raises when another file of that
--- name is there, when there is no room, and when others could read it.
---@param folder string
---@param name string
---@param content string|host.Secret
---@return boolean found  these very bytes were there already
function host.medium.put(folder, name, content) end

--- Read it back, from the medium where that can be.
---@param folder string
---@param name string
---@return host.Secret content
---@return boolean direct  it came past the kernel's cache
function host.medium.read(folder, name) end

return host

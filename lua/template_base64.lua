-- Standard base64 and base32 (RFC 4648), with padding, as Go's StdEncoding has them.
local base64 = {}

local sub, byte, find, concat = string.sub, string.byte, string.find, table.concat

local KINDS = {
  [6] = { letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/", group = 4, bytes = 3 },
  [5] = { letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567", group = 8, bytes = 5 },
}

local function encode(text, bits)
  local kind, out = KINDS[bits], {}
  local word, held = 0, 0
  for i = 1, #text do
    word, held = (word << 8 | byte(text, i)) & 0xFFFF, held + 8
    while held >= bits do
      held = held - bits
      local index = (word >> held) & ((1 << bits) - 1)
      out[#out + 1] = sub(kind.letters, index + 1, index + 1)
    end
  end
  if held > 0 then
    local index = (word << (bits - held)) & ((1 << bits) - 1)
    out[#out + 1] = sub(kind.letters, index + 1, index + 1)
  end
  return concat(out) .. string.rep("=", -#out % kind.group)
end

-- nil and the offset (from 0, as Go counts) of the first wrong byte where it is none. Line ends are skipped.
local function decode(text, bits)
  local kind = KINDS[bits]
  local clean = string.gsub(text, "[\r\n]", "")
  local body, padding = string.match(clean, "^([^=]*)(=*)$")
  if not body then return nil, find(clean, "=", 1, true) - 1 end
  local out, word, held = {}, 0, 0
  for i = 1, #body do
    local index = find(kind.letters, sub(body, i, i), 1, true)
    if not index then return nil, i - 1 end
    word, held = (word << bits | (index - 1)) & 0xFFFF, held + bits
    if held >= 8 then
      held = held - 8
      out[#out + 1] = string.char((word >> held) & 0xFF)
    end
  end
  if #clean % kind.group ~= 0 or #padding >= kind.group or held >= bits then
    return nil, #body - #body % kind.group
  end
  return concat(out)
end

function base64.encode(text)
  return encode(text, 6)
end

function base64.decode(text)
  return decode(text, 6)
end

function base64.encode32(text)
  return encode(text, 5)
end

function base64.decode32(text)
  return decode(text, 5)
end

return base64

-- sprig's functions on text.
local format = require "template_format"
local problem = require "template_problem"
local unicode = require "template_unicode"
local values = require "template_values"

local sub, rep, find, gsub, concat = string.sub, string.rep, string.find, string.gsub, table.concat

-- Trimming ------------------------------------------------------------------------------------------------------

local function trim_where(text, drop)
  local codes, starts = unicode.codes(text)
  local first, last = 1, #codes
  while first <= last and drop(codes[first]) do first = first + 1 end
  while last >= first and drop(codes[last]) do last = last - 1 end
  if last < first then return "" end
  return sub(text, starts[first], (starts[last + 1] or #text + 1) - 1)
end

local function trim_all(cutset, text)
  local drop = {}
  for _, code in ipairs(unicode.codes(cutset)) do drop[code] = true end
  return trim_where(text, function(code) return drop[code] end)
end

local function has_prefix(prefix, text)
  return sub(text, 1, #prefix) == prefix
end

local function has_suffix(suffix, text)
  return suffix == "" or sub(text, -#suffix) == suffix
end

-- Splitting and replacing -----------------------------------------------------------------------------------------

-- Go's strings.SplitN; an empty separator splits into runes; `limit` below 0 is none.
local function split(separator, text, limit)
  local parts, at = {}, 1
  if limit == 0 then return parts end
  if separator == "" then
    local _, starts = unicode.codes(text)
    for i, start in ipairs(starts) do
      local last = i == limit and #text or (starts[i + 1] or #text + 1) - 1
      parts[i] = sub(text, start, last)
      if i == limit then break end
    end
    return parts
  end
  while limit < 0 or #parts < limit - 1 do
    local from, to = find(text, separator, at, true)
    if not from then break end
    parts[#parts + 1] = sub(text, at, from - 1)
    at = to + 1
  end
  parts[#parts + 1] = sub(text, at)
  return parts
end

local function numbered(parts)
  local entries = {}
  for i, part in ipairs(parts) do entries["_" .. i - 1] = part end
  return values.map(entries, "map[string]string")
end

local function replace(run, old, new, text)
  local pieces = split(old, text, -1)
  if old == "" then
    table.insert(pieces, 1, "")
    pieces[#pieces + 1] = ""
  end
  run:spend(#pieces)
  run:grow(#text + #new * #pieces)
  return concat(pieces, new)
end

-- Shaping -------------------------------------------------------------------------------------------------------

local function repeated(run, count, text)
  if count < 0 then problem.raise("strings: negative Repeat count") end
  if #text > 0 and count > run.output // #text then run:grow(run.output + 1) end
  run:grow(#text * count)
  return rep(text, count)
end

local function indent(run, spaces, text)
  local padding = repeated(run, spaces, " ")
  return padding .. replace(run, "\n", "\n" .. padding, text)
end

local function title(text)
  local before = 0x20
  return unicode.map(text, function(code)
    local starts = not unicode.is_word(before)
    before = code
    return starts and unicode.to_upper(code) or code
  end)
end

local function untitle(text)
  local before = 0x20
  return unicode.map(text, function(code)
    local starts = unicode.is_space(before)
    before = code
    return starts and unicode.to_lower(code) or code
  end)
end

local function swap_case(text)
  return unicode.map(text, function(code)
    if unicode.is_upper(code) then return unicode.to_lower(code) end
    return unicode.to_upper(code)
  end)
end

-- Some of sprig's take each byte for a character: what is not ASCII comes out mangled, in step and here.
local function notice_mangling(run, name, text)
  if not find(text, "[\x80-\xFF]") then return end
  run:find("mangled_text", run.at, name .. " mangles what is not ASCII, in step too")
end

local function initials(run, text)
  notice_mangling(run, "initials", text)
  local out, after_space = {}, true
  for i = 1, #text do
    local space = unicode.is_space(string.byte(text, i))
    if after_space and not space then out[#out + 1] = utf8.char(string.byte(text, i)) end
    after_space = space
  end
  return concat(out)
end

local function without_space(run, text)
  notice_mangling(run, "nospace", text)
  return (gsub(text, ".", function(c)
    local code = string.byte(c)
    return unicode.is_space(code) and "" or utf8.char(code)
  end))
end

local function truncate(count, text)
  if count < 0 and #text + count > 0 then return sub(text, #text + count + 1) end
  if count >= 0 and #text > count then return sub(text, 1, count) end
  return text
end

local function substring(from, to, text)
  if from < 0 then
    if to < 0 or to > #text then problem.raise("slice bounds out of range [:%d] with length %d", to, #text) end
    return sub(text, 1, to)
  end
  if to < 0 or to > #text then to = #text end
  if from > to then problem.raise("slice bounds out of range [%d:%d]", from, to) end
  return sub(text, from + 1, to)
end

local function abbreviate(width, text)
  if width < 4 or #text <= width then return text end
  return sub(text, 1, width - 3) .. "..."
end

-- Quoting -------------------------------------------------------------------------------------------------------

local function quote_each(run, wrap, ...)
  local out, size = {}, 0
  for _, v in ipairs { ... } do
    if not values.is_nil(v) then
      out[#out + 1] = wrap(v)
      size = size + #out[#out] + 1
      run:fits(size)
    end
  end
  return concat(out, " ")
end

local function quote(run, ...)
  return quote_each(run, function(v) return format.quote(format.string(run, v)) end, ...)
end

local function single_quote(run, ...)
  return quote_each(run, function(v) return "'" .. format.value(run, v) .. "'" end, ...)
end

local function cat(run, ...)
  return quote_each(run, function(v) return format.value(run, v) end, ...)
end

-- The strings of a list, as join and sortAlpha take them: nil elements fall out, one value is a list of one.
local function strings_of(run, v)
  if values.is_nil(v) then return {} end
  if values.is_value(v) and v.text then return { v.text } end
  local items, n = values.items(v)
  if not items then return { format.string(run, v) } end
  local out = {}
  for i = 1, n do
    if not values.is_nil(items[i]) then out[#out + 1] = format.string(run, items[i]) end
  end
  return out
end

local function join(run, separator, v)
  local parts = strings_of(run, v)
  local size = #separator * #parts
  for _, part in ipairs(parts) do size = size + #part end
  run:fits(size)
  return concat(parts, separator)
end

local function sort_alpha(run, v)
  local parts = strings_of(run, v)
  run:spend(#parts)
  table.sort(parts)
  return values.strings(parts)
end

local function split_list(run, separator, text)
  run:spend(1 + #text // 16)
  return values.strings(split(separator, text, -1))
end

local function split_map(run, separator, text)
  run:spend(1 + #text // 16)
  return numbered(split(separator, text, -1))
end

local function base(path)
  if path == "" then return "." end
  local clean = gsub(path, "/+$", "")
  return clean == "" and "/" or string.match(clean, "[^/]*$")
end

return {
  trim = { "string -> string", function(text) return trim_where(text, unicode.is_space) end },
  trimAll = { "string string -> string", trim_all },
  trimall = { "string string -> string", trim_all },
  trimPrefix = { "string string -> string", function(prefix, text)
    return has_prefix(prefix, text) and sub(text, #prefix + 1) or text
  end },
  trimSuffix = { "string string -> string", function(suffix, text)
    return has_suffix(suffix, text) and sub(text, 1, #text - #suffix) or text
  end },
  hasPrefix = { "string string -> bool", has_prefix },
  hasSuffix = { "string string -> bool", has_suffix },
  contains = { "string string -> bool", function(part, text) return find(text, part, 1, true) ~= nil end },

  upper = { "string -> string", unicode.upper },
  lower = { "string -> string", unicode.lower },
  title = { "string -> string", title },
  untitle = { "string -> string", untitle },
  swapcase = { "string -> string", swap_case },
  initials = { "run string -> string", initials },
  nospace = { "run string -> string", without_space },

  ["repeat"] = { "run int string -> string", repeated },
  indent = { "run int string -> string", indent },
  nindent = { "run int string -> string", function(run, n, text) return "\n" .. indent(run, n, text) end },
  replace = { "run string string string -> string", replace },
  trunc = { "int string -> string", truncate },
  substr = { "int int string -> string", substring },
  abbrev = { "int string -> string", abbreviate },
  plural = { "string string int -> string", function(one, many, count) return count == 1 and one or many end },

  split = { "run string string -> any", split_map },
  splitn = { "string int string -> any", function(mark, n, text) return numbered(split(mark, text, n)) end },
  splitList = { "run string string -> any", split_list },
  join = { "run string any -> string", join },
  sortAlpha = { "run any -> any", sort_alpha },
  toStrings = { "run any -> any", function(run, v) return values.strings(strings_of(run, v)) end },

  quote = { "run any... -> string", quote },
  squote = { "run any... -> string", single_quote },
  cat = { "run any... -> string", cat },
  toString = { "run any -> string", format.string },
  fail = { "string -> string", problem.refuse },
  hello = { "-> string", function() return "Hello!" end },

  base = { "string -> string", base },
  ext = { "string -> string", function(path) return string.match(path, "%.[^./]*$") or "" end },
  isAbs = { "string -> bool", function(path) return sub(path, 1, 1) == "/" end },
}

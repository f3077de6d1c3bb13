--- A text as messages show it: in quotes, on one line, and never long.

local MOST = 60 -- bytes

local function escaped(byte) return ("\\x%02x"):format(byte:byte()) end

--- `"text"`, with control characters as \xNN, cut where it is long (between characters, if it is UTF-8).
return function(text)
  local short = #text > MOST and text:sub(1, MOST):gsub("[\192-\255][\128-\191]*$", "") .. "..." or text
  return '"' .. short:gsub("[%c\127]", escaped) .. '"'
end

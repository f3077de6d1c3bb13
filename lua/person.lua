--- Names of people: when two writings are one name to who reads them, and letters that only seem to belong.

local person = {}

--- Letters that look like a letter of ours, or differ from it by an accent, in either case.
local LOOKS = {
  a = "ÀÁÂÃÄÅàáâãäåĀāĂăĄąǍǎΑαАаӐӑӒӓɑ", b = "ΒβВв", c = "ÇçĆćĈĉĊċČčСсҪҫ", d = "ĎďĐđÐðԀԁ",
  e = "ÈÉÊËèéêëĒēĔĕĖėĘęĚěΕεЕеЀѐЁё", g = "ĜĝĞğĠġĢģɡ", h = "ĤĥĦħΗηНнҺһ",
  i = "ÌÍÎÏìíîïĨĩĪīĬĭĮįİıΙιΪϊІіЇїӀӏ", j = "ĴĵЈј", k = "ĶķΚκКкЌќ", l = "ĹĺĻļĽľĿŀŁł",
  m = "ΜμМм", n = "ÑñŃńŅņŇňΝν", o = "ÒÓÔÕÖØòóôõöøŌōŎŏŐőΟοОоӦӧ", p = "ΡρРр", q = "Ԛԛ", r = "ŔŕŖŗŘř", s = "ŚśŜŝŞşŠšȘșЅѕ",
  t = "ŢţŤťŦŧȚțΤτТт", u = "ÙÚÛÜùúûüŨũŪūŬŭŮůŰűŲų", w = "ŴŵԜԝ", x = "ΧχХх", y = "ÝýÿŶŷŸΥυУуЎў", z = "ŹźŻżŽžΖζ",
  ["-"] = "‐‑‒–—−", ["'"] = "‘’ʼ´`",
}

local FOLDED = {}
for code = 0x391, 0x3A9 do FOLDED[utf8.char(code)] = utf8.char(code + 32) end
for code = 0x400, 0x40F do FOLDED[utf8.char(code)] = utf8.char(code + 80) end
for code = 0x410, 0x42F do FOLDED[utf8.char(code)] = utf8.char(code + 32) end
for code = 0x300, 0x36F do FOLDED[utf8.char(code)] = "" end -- marks on the letter before
for letter, like in pairs(LOOKS) do
  for one in like:gmatch(utf8.charpattern) do FOLDED[one] = letter end
end

--- The form in which all writings of a name that people may take for the same are the same.
function person.folded(name)
  return (name:gsub(utf8.charpattern, FOLDED):lower():gsub("%s+", " "))
end

--- Alphabets with letters that look like Latin ones: Greek, Cyrillic, Armenian, Cherokee, Coptic, Lisu, and the
--- letters of mathematics and of full width.
local STRANGE = { { 0x370, 0x52F }, { 0x531, 0x58A }, { 0x13A0, 0x13FF }, { 0x1C80, 0x1C8F }, { 0x1F00, 0x1FFF },
  { 0x2100, 0x218F }, { 0x2C80, 0x2CFF }, { 0x2DE0, 0x2DFF }, { 0xA4D0, 0xA4FF }, { 0xA640, 0xA69F },
  { 0xAB70, 0xABBF }, { 0xFF21, 0xFF5A }, { 0x1D400, 0x1D7FF } }

local function is_latin(code)
  return code >= 0x41 and code <= 0x5A or code >= 0x61 and code <= 0x7A or code >= 0x1E00 and code <= 0x1EFF
    or code >= 0xC0 and code <= 0x2AF and code ~= 0xD7 and code ~= 0xF7
end

local function is_strange(code)
  for _, range in ipairs(STRANGE) do
    if code >= range[1] and code <= range[2] then return true end
  end
  return false
end

--- The first letter of another alphabet in a name that has Latin letters too; nil when it has none.
function person.strange(name)
  local latin, strange = false, nil
  for _, code in utf8.codes(name) do
    latin = latin or is_latin(code)
    if not strange and is_strange(code) then strange = code end
  end
  return latin and strange or nil
end

--- What one of a role is called: "witness" of "witnesses".
function person.one_of(role)
  local one = role:match "^(.+ss)es$" or role:match "^(.*[^s])s$"
  return one or role
end

return person

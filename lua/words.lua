--- The verbs of a script. Each is defined once, in one of the modules named here:
---
---   name      what the text behind the verb is: a kind of options.lua, an artefact that it needs, or nil (none)
---   makes     kind of the artefact that the name stands for from here on
---   makes_all {{name, kind}}: artefacts that it makes under names of its own (optional)
---   needs     (word) -> {{name, kind}}: artefacts that it needs besides those of name and options (optional)
---   dated     (word, begins) -> what is wrong with its dates once the ceremony's are fixed, or nil (optional)
---   options   {option = {kind =, required =}}
---   sentence  (word) -> what agenda and transcript say
---   prompts   (word) -> the questions it asks, in order; their ids are step.verb.n
---   review    (word, review) -> what can be known to be wrong before anything is done (optional)
---   stages    (word) -> the file that it keeps in the record's staging until the page is sealed (words that sign)
---   puts      (word) -> paths that it sets in the authority, folders with "/" at the end (words that sign)
---   passwords (word) -> {{name, new}}: what --password-file may give it; `new` where it is chosen then (optional)
---   brings    (word) -> {{kind, what, why}}: what lies at its station before the day: "file" and "key" on the media,
---             "paper", "medium"; "made": is there afterwards (optional)
---   notes     (word) -> {{label, digest, before}}: what people write down while it is done: `digest` as hex, `before`
---             what is said before its question (optional)
---   final     (word) -> why there is no way back behind it (optional)
---   minutes   how long it takes besides its questions and what is read aloud (optional)
---   lints     true: what it takes in, or makes, is judged by lint (lints.lua)
---   prepare   (word, scene): what must hold before the first word of its step is done (optional)
---   deed      (word, scene) -> does it; the only part that reaches C

local words = {}

for _, module in ipairs { "words_talk", "words_tree", "words_adopt", "words_keys", "words_receive", "words_lists",
  "words_sign", "words_root", "words_cross", "words_issue", "words_claims", "words_config",
  "words_lint", "words_backup" } do
  for verb, definition in pairs(require(module)) do
    assert(words[verb] == nil, verb)
    definition.options = definition.options or {}
    definition.prompts = definition.prompts or function() return {} end
    words[verb] = definition
  end
end

--- The names of all verbs, sorted.
function words.names()
  local names = {}
  for verb, definition in pairs(words) do
    if type(definition) == "table" then names[#names + 1] = verb end
  end
  table.sort(names)
  return names
end

return words

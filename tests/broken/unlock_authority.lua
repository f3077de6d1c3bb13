-- expect: 10: unlock: nothing called "intermediate kee" was made before this; did you mean "intermediate key"?
-- expect: 11: unlock: "root certificate" is a certificate (line 9), and a key made at this station is needed
-- expect: 11: unlock: "root certificate" was made already, on line 9; an artefact is made once
-- expect: 12: unlock: by = "custodians" is for a key on the media; the key in the authority opens with the password that step-ca is started with
-- expect: 13: unlock: "intermediate key" is at station "ca" (line 9) and never leaves it
ceremony "Broken" { version = "1" }
people { operator = 1, custodians = 2 }
stations { ca = "the machine that runs step-ca", root = "the offline machine" }
step "Take over" { at = "ca", adopt "the authority" }
step "One" { at = "ca", unlock "intermediate kee" { from = "the authority" } }
step "Two" { at = "ca", unlock "root certificate" { from = "the authority" } }
step "Three" { at = "ca", unlock "intermediate key" { from = "the authority", by = "custodians" } }
step "Four" { at = "root", unlock "intermediate key" { from = "the authority" } }

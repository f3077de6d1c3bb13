-- expect: 5: unknown word "_G"...
ceremony "Broken" { version = "1" }
people { operator = 1 }
stations { ca = "the machine that will run step-ca", root = "the offline machine" }
_G.say = nil
step "Say" { at = "ca", say "hello" }

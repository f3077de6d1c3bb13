-- expect: 5: a word is a name, not a number
ceremony "Broken" { version = "1" }
people { operator = 1 }
stations { ca = "the machine that will run step-ca", root = "the offline machine" }
say(_ENV[1])
step "Say" { at = "ca", say "hello" }

-- expect: 5: unknown word "string"...
ceremony "Broken" { version = "1" }
people { operator = 1 }
stations { ca = "the machine that will run step-ca", root = "the offline machine" }
string.rep("x", 9)
step "Say" { at = "ca", say "hello" }

-- expect: 5: unknown word "peeple"; did you mean "people"?
ceremony "Broken" { version = "1" }
people { operator = 1 }
stations { ca = "the machine that will run step-ca", root = "the offline machine" }
peeple { operator = 1 }
step "Say" { at = "ca", say "hello" }

-- expect: 5: step "One": unknown station "rot"; did you mean "root"?
ceremony "Broken" { version = "1" }
people { operator = 1 }
stations { ca = "the machine that will run step-ca", root = "the offline machine" }
step "One" { at = "rot", say "hello" }

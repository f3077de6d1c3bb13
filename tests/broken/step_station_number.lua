-- expect: 5: step "One": at must be the name of a station in quotes, not a number
ceremony "Broken" { version = "1" }
people { operator = 1 }
stations { ca = "the machine that will run step-ca", root = "the offline machine" }
step "One" { at = 7, say "hello" }

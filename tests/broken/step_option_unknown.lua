-- expect: 6: step "One" has no option "ta"; did you mean "at"?
-- expect: 6: step "One" has no station: give it at = "..."
ceremony "Broken" { version = "1" }
people { operator = 1 }
stations { ca = "the machine that will run step-ca", root = "the offline machine" }
step "One" { ta = "ca", say "hello" }

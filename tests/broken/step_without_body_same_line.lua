-- expect: 5: step "One" has no { ... }
ceremony "Broken" { version = "1" }
people { operator = 1 }
stations { ca = "the machine that will run step-ca", root = "the offline machine" }
step "One" step "Two" { at = "ca", say "hello" }

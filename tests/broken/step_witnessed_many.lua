-- expect: 6: step "One" wants 3 witnesses, and people { ... } has 2 in the role "witnesses"
ceremony "Broken" { version = "1" }
people { operator = 1, witnesses = 2 }
stations { ca = "a machine" }

step "One" { at = "ca", witnessed_by = 3, say "hello" }

-- expect: 6: step "One" wants 1 witnesses, and people { ... } has nobody in the role "witnesses"
ceremony "Broken" { version = "1" }
people { operator = 3 }
stations { ca = "a machine" }

step "One" { at = "ca", witnessed_by = 1, say "hello" }

-- expect: 4: station "ca" must not be empty
ceremony "Broken" { version = "1" }
people { operator = 1 }
stations { ca = "" }
step "Say" { at = "ca", say "hello" }

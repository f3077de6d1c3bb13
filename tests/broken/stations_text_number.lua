-- expect: 4: station "ca" must be a text in quotes, not a number
ceremony "Broken" { version = "1" }
people { operator = 1 }
stations { ca = 7 }
step "Say" { at = "ca", say "hello" }

-- expect: 4: stations takes names with values, as in { name = value }
ceremony "Broken" { version = "1" }
people { operator = 1 }
stations { "ca" }
step "Say" { at = "ca", say "hello" }

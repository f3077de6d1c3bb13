-- expect: 2: ceremony was given its { ... } already
ceremony "Broken" { version = "1" } { version = "2" }
people { operator = 1 }
stations { ca = "a machine" }
step "Say" { at = "ca", say "hello" }

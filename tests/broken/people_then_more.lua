-- expect: 3: people was given its { ... } already
ceremony "Broken" { version = "1" }
people { operator = 1 } { witness = 1 }
stations { ca = "a machine" }
step "Say" { at = "ca", say "hello" }

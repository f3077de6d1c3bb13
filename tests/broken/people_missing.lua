-- expect: 1: a script says who takes part: people { administrator = 1, operator = 1, witnesses = 2 }
ceremony "Broken" { version = "1" }
stations { ca = "a machine" }
step "Say" { at = "ca", say "hello" }

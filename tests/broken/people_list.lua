-- expect: 3: people takes names with values, as in { name = value }
ceremony "Broken" { version = "1" }
people { "Ada" }
stations { ca = "a machine" }
step "Say" { at = "ca", say "hello" }

-- expect: 4: station "Root" must have a short name of lower-case letters and digits
ceremony "Broken" { version = "1" }
people { operator = 1 }
stations { ca = "a machine", Root = "another" }
step "Say" { at = "ca", say "hello" }

-- expect: 4: station "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa" must have a short name of lower-case letters and digits
ceremony "Broken" { version = "1" }
people { operator = 1 }
stations { ca = "a machine", aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa = "another" }
step "Say" { at = "ca", say "hello" }

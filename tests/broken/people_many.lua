-- expect: 3: role "witnesses" has more than 20 people
ceremony "Broken" { version = "1" }
people { witnesses = 21 }
stations { ca = "a machine" }
step "Say" { at = "ca", say "hello" }

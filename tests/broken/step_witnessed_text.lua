-- expect: 6: step "One" option "witnessed_by" must be a number of people from 1 to 20, not a text
ceremony "Broken" { version = "1" }
people { operator = 1, witnesses = 2 }
stations { ca = "a machine" }

step "One" { at = "ca", witnessed_by = "Ada", say "hello" }

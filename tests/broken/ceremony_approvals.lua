-- expect: 2: ceremony option "approvals" must be a number of people from 1 to 20, not 0
ceremony "Broken" { version = "1", approvals = 0 }
people { operator = 1 }
stations { ca = "a machine" }
step "One" { at = "ca", say "hello" }

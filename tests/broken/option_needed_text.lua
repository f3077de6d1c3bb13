-- expect: 5: unlock option "needed" must be a number from 2 to 20
ceremony "Broken" { version = "1" }
people { custodians = 2 }
stations { root = "the offline machine" }
step "Unlock" { at = "root", unlock "root key" { from = "root.key", by = "custodians", needed = "2" } }

-- expect: 5: unlock: 3 custodians are needed, and there are 2
ceremony "Broken" { version = "1" }
people { custodians = 2 }
stations { root = "the offline machine" }
step "Unlock" { at = "root", unlock "root key" { from = "root.key", by = "custodians", needed = 3 } }

-- expect: 5: unlock: by = "custodians" wants people { custodians = 2 } or more; one alone splits nothing
ceremony "Broken" { version = "1" }
people { operator = 1 }
stations { root = "the offline machine" }
step "Unlock" { at = "root", unlock "root key" { from = "root.key", by = "custodians" } }

-- expect: 5: unlock option "by" must be "custodians"
ceremony "Broken" { version = "1" }
people { operator = 1 }
stations { root = "the offline machine" }
step "Unlock" { at = "root", unlock "root key" { from = "root.key", by = "operator" } }

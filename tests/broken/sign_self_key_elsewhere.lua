-- expect: 6: unlock: "root key" is made on line 5, and lies in root.key; unlock it from there
ceremony "Broken" { version = "1" }
people { operator = 1 }
stations { root = "the offline machine" }
step "Make" { at = "root", generate "root key" { kind = "P-256", to = "root.key" } }
step "Sign" { at = "root", unlock "root key" { from = "other.key" } }

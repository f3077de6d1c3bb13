-- expect: 6: backup: "medium A" and "Medium-a" would have the same file name (medium-a)
ceremony "Broken" { version = "1" }
people { operator = 1 }
stations { root = "the offline machine" }
step "Keep" { at = "root", unlock "root key" { from = "root.key" },
  backup "root key" { to = { "medium A", "Medium-a" } } }

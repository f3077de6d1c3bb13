-- expect: 6: backup: "root key" was unlocked in another step (line 5), and only for that one; unlock it in this step
ceremony "Broken" { version = "1" }
people { operator = 1 }
stations { root = "the offline machine" }
step "Unlock" { at = "root", unlock "root key" { from = "root.key" } }
step "Keep" { at = "root", backup "root key" { to = { "medium A" } } }

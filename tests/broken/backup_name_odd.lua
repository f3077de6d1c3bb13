-- expect: 7: backup: medium "A=B" cannot be named with --backup: it has a = in its name
-- expect: 7: backup: medium "==" needs a letter or digit in its name
ceremony "Broken" { version = "1" }
people { operator = 1 }
stations { root = "the offline machine" }
step "Keep" { at = "root", unlock "root key" { from = "root.key" },
  backup "root key" { to = { "A=B", "==" } } }

-- expect: 7: backup: "key" is at station "ca" (line 6) and never leaves it
ceremony "Broken" { version = "1" }
people { operator = 1 }
stations { ca = "the machine", root = "the offline machine" }
step "Initialize" { at = "ca", initialize "Example" { dns = { "ca.example.com" }, address = ":443", provisioner = "a@example.com" }, say "Now purge." }
step "Purge" { at = "ca", purge "every generated key and certificate", generate "key" { kind = "P-256" } }
step "Keep" { at = "root", backup "key" { to = { "medium A" } } }

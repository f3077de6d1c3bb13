-- expect: 9: backup: needs a step of its own after that of "generate" (line 8): the key lies in its place once its page is sealed
ceremony "Broken" { version = "1" }
people { operator = 1 }
stations { ca = "the machine" }
step "Initialize" { at = "ca", initialize "Example" { dns = { "ca.example.com" }, address = ":443", provisioner = "a@example.com" } }
step "Purge" { at = "ca", purge "every generated key and certificate" }
step "Make" { at = "ca",
  generate "key" { kind = "P-256" },
  backup "key" { to = { "medium A" } } }

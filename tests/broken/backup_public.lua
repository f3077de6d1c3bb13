-- expect: 9: backup: "root certificate" is a certificate (line 8), and a private key of this station is needed
ceremony "Broken" { version = "1" }
people { operator = 1 }
stations { ca = "the machine" }
step "Initialize" { at = "ca", initialize "Example" { dns = { "ca.example.com" }, address = ":443", provisioner = "a@example.com" } }
step "Purge" { at = "ca", purge "every generated key and certificate" }
step "Import" { at = "ca",
  import "root certificate" { from = "root.crt" },
  backup "root certificate" { to = { "medium A" } } }

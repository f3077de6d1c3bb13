-- expect: 9: purge: must come before "import": it would destroy what was imported
ceremony "Broken" { version = "1" }
people { operator = 1 }
stations { ca = "the machine that will run step-ca", root = "the offline machine" }
step "Initialize" { at = "ca",
  initialize "Example" { dns = { "ca.example.com" }, address = ":443", provisioner = "admin@example.com" },
}
step "Import" { at = "ca", import "root certificate" { from = "root.crt" } }
step "Purge" { at = "ca", purge "every generated key and certificate" }

-- expect: 8: compare: nothing called "root certificate" was made before this; it is made later, on line 9
ceremony "Broken" { version = "1" }
people { operator = 1 }
stations { ca = "the machine that will run step-ca", root = "the offline machine" }
step "Initialize" { at = "ca",
  initialize "Example" { dns = { "ca.example.com" }, address = ":443", provisioner = "admin@example.com" },
}
step "One" { at = "ca", compare "root certificate" { with = "the card" } }
step "Import" { at = "ca", import "root certificate" { from = "root.crt" } }

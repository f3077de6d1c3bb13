-- expect: 10: compare: nothing called "root certificat" was made before this; did you mean "root certificate"?
ceremony "Broken" { version = "1" }
people { operator = 1 }
stations { ca = "the machine that will run step-ca", root = "the offline machine" }
step "Initialize" { at = "ca",
  initialize "Example" { dns = { "ca.example.com" }, address = ":443", provisioner = "admin@example.com" },
}
step "Import" { at = "ca", import "root certificate" { from = "root.crt" } }
step "One" { at = "ca",
  compare "root certificat" { with = "the card" },
}

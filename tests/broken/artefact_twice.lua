-- expect: 10: import: "root certificate" was made already, on line 9; an artefact is made once
ceremony "Broken" { version = "1" }
people { operator = 1 }
stations { ca = "the machine that will run step-ca", root = "the offline machine" }
step "Initialize" { at = "ca",
  initialize "Example" { dns = { "ca.example.com" }, address = ":443", provisioner = "admin@example.com" } } step "Purge" { at = "ca", purge "every generated key and certificate",
}
step "One" { at = "ca",
  generate "root certificate" { kind = "P-256" },
  import "root certificate" { from = "root.crt" },
}

-- expect: 10: generate: is said once at a station; it stands on line 9 already
ceremony "Broken" { version = "1" }
people { operator = 1 }
stations { ca = "the machine that will run step-ca", root = "the offline machine" }
step "Initialize" { at = "ca",
  initialize "Example" { dns = { "ca.example.com" }, address = ":443", provisioner = "admin@example.com" } } step "Purge" { at = "ca", purge "every generated key and certificate",
}
step "One" { at = "ca",
  generate "key" { kind = "P-256" },
  generate "other key" { kind = "P-256" },
}

-- expect: 5: purge: needs "initialize" before it at this station: there is nothing generated before it
ceremony "Broken" { version = "1" }
people { operator = 1 }
stations { ca = "the machine that will run step-ca", root = "the offline machine" }
step "Purge" { at = "ca", purge "every generated key and certificate" }
step "Initialize" { at = "ca",
  initialize "Example" { dns = { "ca.example.com" }, address = ":443", provisioner = "admin@example.com" },
}

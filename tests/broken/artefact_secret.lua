-- expect: 10: compare: "intermediate key" is a private key, which is never shown
ceremony "Broken" { version = "1" }
people { operator = 1 }
stations { ca = "the machine that will run step-ca", root = "the offline machine" }
step "Initialize" { at = "ca",
  initialize "Example" { dns = { "ca.example.com" }, address = ":443", provisioner = "admin@example.com" } } step "Purge" { at = "ca", purge "every generated key and certificate",
}
step "One" { at = "ca",
  generate "intermediate key" { kind = "P-256" },
  compare "intermediate key" { with = "the card" },
}

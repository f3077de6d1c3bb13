-- expect: 10: leaf: is said once for a provisioner; it stands on line 9 already
ceremony "Broken" { version = "1" }
people { operator = 1 }
stations { ca = "the machine that will run step-ca", root = "the offline machine" }
step "Initialize" { at = "ca",
  initialize "Example" { dns = { "ca.example.com" }, address = ":443", provisioner = "admin@example.com" },
}
step "One" { at = "ca",
  leaf "server" { provisioner = "admin@example.com" },
  leaf "client" { provisioner = "admin@example.com" },
}

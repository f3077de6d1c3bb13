-- expect: 9: leaf: there is no provisioner "acme"; there is admin@example.com
ceremony "Broken" { version = "1" }
people { operator = 1 }
stations { ca = "the machine that will run step-ca", root = "the offline machine" }
step "Initialize" { at = "ca",
  initialize "Example" { dns = { "ca.example.com" }, address = ":443", provisioner = "admin@example.com" },
}
step "One" { at = "ca",
  leaf "server" { provisioner = "acme" },
}

-- expect: 10: claims: is said once for a provisioner; it stands on line 9 already
ceremony "Broken" { version = "1" }
people { operator = 1 }
stations { ca = "the machine that will run step-ca", root = "the offline machine" }
step "Initialize" { at = "ca",
  initialize "Example" { dns = { "ca.example.com" }, address = ":443", provisioner = "admin@example.com" },
}
step "One" { at = "ca",
  claims { provisioner = "admin@example.com", max = "2160h" },
  claims { provisioner = "admin@example.com", max = "720h" },
}

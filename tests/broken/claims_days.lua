-- expect: 9: claims option "max" "90d" is no duration as Go writes it; use h, m and s ("24h", "16h30m"), and 24h for a day
ceremony "Broken" { version = "1" }
people { operator = 1 }
stations { ca = "the machine that will run step-ca", root = "the offline machine" }
step "Initialize" { at = "ca",
  initialize "Example" { dns = { "ca.example.com" }, address = ":443", provisioner = "admin@example.com" },
}
step "One" { at = "ca",
  claims { provisioner = "admin@example.com", max = "90d" },
}

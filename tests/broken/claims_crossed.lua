-- expect: 9: claims: "min" (5m0s), "default" (24h0m0s) and "max" (12h0m0s) must be in this order, what is not given as step-ca has it; step-ca does not start otherwise
ceremony "Broken" { version = "1" }
people { operator = 1 }
stations { ca = "the machine that will run step-ca", root = "the offline machine" }
step "Initialize" { at = "ca",
  initialize "Example" { dns = { "ca.example.com" }, address = ":443", provisioner = "admin@example.com" },
}
step "One" { at = "ca",
  claims { provisioner = "admin@example.com", max = "12h" },
}

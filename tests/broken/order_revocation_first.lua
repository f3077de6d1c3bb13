-- expect: 5: revocation: needs "initialize" or "adopt" before it at this station: there is no ca.json to set it in
ceremony "Broken" { version = "1" }
people { operator = 1 }
stations { ca = "the machine that will run step-ca", root = "the offline machine" }
step "One" { at = "ca", revocation { url = "http://ca.example.com/crl" } }
step "Initialize" { at = "ca",
  initialize "Example" { dns = { "ca.example.com" }, address = ":443", provisioner = "admin@example.com" },
}

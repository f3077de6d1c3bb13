-- expect: 5: policy: needs "initialize" or "adopt" before it at this station: there is no ca.json to set it in
ceremony "Broken" { version = "1" }
people { operator = 1 }
stations { ca = "the machine that will run step-ca", root = "the offline machine" }
step "One" { at = "ca", policy { allow = { dns = { "*.example.com" } } } }
step "Initialize" { at = "ca",
  initialize "Example" { dns = { "ca.example.com" }, address = ":443", provisioner = "admin@example.com" },
}

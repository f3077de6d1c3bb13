-- expect: 5: generate: needs "initialize" or "adopt" before it at this station: there is no tree to put it in; a key with a file of its own says where: to = "root.key"
ceremony "Broken" { version = "1" }
people { operator = 1 }
stations { ca = "the machine that will run step-ca", root = "the offline machine" }
step "One" { at = "ca", generate "key" { kind = "P-256" } }
step "Initialize" { at = "ca",
  initialize "Example" { dns = { "ca.example.com" }, address = ":443", provisioner = "admin@example.com" },
}

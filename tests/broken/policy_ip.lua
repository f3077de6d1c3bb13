-- expect: 9: policy option "deny" has a wrong entry: ip entry "10.0.0.0/33" has a prefix longer than its address
ceremony "Broken" { version = "1" }
people { operator = 1 }
stations { ca = "the machine that will run step-ca", root = "the offline machine" }
step "Initialize" { at = "ca",
  initialize "Example" { dns = { "ca.example.com" }, address = ":443", provisioner = "admin@example.com" },
}
step "One" { at = "ca",
  policy { deny = { ip = { "10.0.0.0/33" } } },
}

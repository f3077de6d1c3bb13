-- expect: 9: policy: step-ca ignores a policy in ca.json under remote_management; leave it out, and set it after the first start with "step ca policy authority x509 allow dns NAME" (and "step" among the names)
ceremony "Broken" { version = "1" }
people { operator = 1 }
stations { ca = "the machine that will run step-ca", root = "the offline machine" }
step "Initialize" { at = "ca",
  initialize "Example" { dns = { "ca.example.com" }, address = ":443", provisioner = "admin@example.com",
    remote_management = true },
}
step "One" { at = "ca", policy { allow = { dns = { "*.example.com" } } } }

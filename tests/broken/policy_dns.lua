-- expect: 9: policy option "allow" has a wrong entry: dns entry "a.*.example.com" has a '*' that is not at its start; only "*." and a domain is possible
ceremony "Broken" { version = "1" }
people { operator = 1 }
stations { ca = "the machine that will run step-ca", root = "the offline machine" }
step "Initialize" { at = "ca",
  initialize "Example" { dns = { "ca.example.com" }, address = ":443", provisioner = "admin@example.com" },
}
step "One" { at = "ca",
  policy { allow = { dns = { "a.*.example.com" } } },
}

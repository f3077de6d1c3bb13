-- expect: 9: policy: "constrain": the constraints would forbid "ca.example.com", one of the authority's own names, and step-ca does not start then; allow it under dns too, or do not constrain
ceremony "Broken" { version = "1" }
people { operator = 1 }
stations { ca = "the machine that will run step-ca", root = "the offline machine" }
step "Initialize" { at = "ca",
  initialize "Example" { dns = { "ca.example.com" }, address = ":443", provisioner = "admin@example.com" },
}
step "One" { at = "ca",
  policy { allow = { dns = { "*.example.org" } }, constrain = true },
}

-- expect: 9: policy: "constrain": deny.cn "x" cannot be a name constraint: there is none for the common name (RFC 5280 4.2.1.10); deny it under dns, or do not constrain
ceremony "Broken" { version = "1" }
people { operator = 1 }
stations { ca = "the machine that will run step-ca", root = "the offline machine" }
step "Initialize" { at = "ca",
  initialize "Example" { dns = { "ca.example.com" }, address = ":443", provisioner = "admin@example.com" },
}
step "One" { at = "ca",
  policy { deny = { cn = { "x" } }, constrain = true },
}

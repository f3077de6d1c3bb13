-- expect: 9: policy: "constrain": deny.dns "x.example.com" cannot be a name constraint while there is no allow.dns: all other names are allowed, and a constraint would exclude those below x.example.com too (RFC 5280 4.2.1.10); allow what is wanted, or do not constrain
ceremony "Broken" { version = "1" }
people { operator = 1 }
stations { ca = "the machine that will run step-ca", root = "the offline machine" }
step "Initialize" { at = "ca",
  initialize "Example" { dns = { "ca.example.com" }, address = ":443", provisioner = "admin@example.com" },
}
step "One" { at = "ca",
  policy { deny = { dns = { "x.example.com" } }, constrain = true },
}

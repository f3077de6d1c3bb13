-- expect: 9: revocation option "url" must be an http:// URL: a client that fetches it has no trust yet (RFC 5280 section 8)
ceremony "Broken" { version = "1" }
people { operator = 1 }
stations { ca = "the machine that will run step-ca", root = "the offline machine" }
step "Initialize" { at = "ca",
  initialize "Example" { dns = { "ca.example.com" }, address = ":443", provisioner = "admin@example.com" },
}
step "One" { at = "ca",
  revocation { url = "https://pki.example.com/root.crl" },
}

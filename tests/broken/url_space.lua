-- expect: 9: revocation option "url" "http://pki.example.com/a b" holds white space or a character outside ASCII; percent-encode it (RFC 3986)
ceremony "Broken" { version = "1" }
people { operator = 1 }
stations { ca = "the machine that will run step-ca", root = "the offline machine" }
step "Initialize" { at = "ca",
  initialize "Example" { dns = { "ca.example.com" }, address = ":443", provisioner = "admin@example.com" },
}
step "One" { at = "ca",
  revocation { url = "http://pki.example.com/a b" },
}

-- expect: 9: revocation option "url" "http://pki.example.com/root.crl#x" has a fragment, which no client sends; remove it
ceremony "Broken" { version = "1" }
people { operator = 1 }
stations { ca = "the machine that will run step-ca", root = "the offline machine" }
step "Initialize" { at = "ca",
  initialize "Example" { dns = { "ca.example.com" }, address = ":443", provisioner = "admin@example.com" },
}
step "One" { at = "ca",
  revocation { url = "http://pki.example.com/root.crl#x" },
}

-- expect: 6: revocation takes no name, only { ... }
ceremony "Broken" { version = "1" }
people { operator = 1 }
stations { ca = "the machine that will run step-ca", root = "the offline machine" }
step "Talk" { at = "ca",
  revocation "the list" { url = "http://ca.example.com/crl" },
}

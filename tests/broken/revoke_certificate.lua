-- expect: 11: publish: nothing called "old certificate" was made before this; did you mean "root certificate"?
ceremony "Broken" { version = "1" }
people { operator = 1 }
stations { root = "the offline machine" }
step "Receive" { at = "root",
  receive_certificate "root certificate" { from = "root.crt" },
  receive_list "list in force" { from = "root.crl", under = "root certificate" },
}
step "List" { at = "root",
  unlock "root key" { from = "root.key" },
  publish "root list" {
    with = "root key", under = "root certificate", url = "http://pki.example.com/root.crl", ends = "2027-01-01",
    begins = "2026-06-01",
    revoke = { { certificate = "old certificate", date = "2026-01-02", reason = "superseded" } },
  },
}

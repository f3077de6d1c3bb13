-- expect: 14: publish option "revoke" (entry 1) (reason) "lost" is no reason; known are keyCompromise, cACompromise, affiliationChanged, superseded, cessationOfOperation, privilegeWithdrawn, aACompromise and unspecified (RFC 5280 5.3.1)
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
    revoke = { { serial = "0142", date = "2026-01-02", reason = "lost" } },
  },
}

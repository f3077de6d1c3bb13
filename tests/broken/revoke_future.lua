-- expect: 11: publish: revokes 0142 as of 2026-06-01T00:00:01Z, and the list is of 2026-06-01T00:00:00Z: nothing is revoked in advance (RFC 5280 5.1.2.4)
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
    revoke = { { serial = "0142", date = "2026-06-01T00:00:01Z", reason = "superseded" } },
  },
}

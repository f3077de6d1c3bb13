-- The next revocation list of an offline root: twice a year, before the list in force ends, and at once when the root
-- revokes something. Copy this file, put your own names in, and rehearse.
--
-- On the media lie root.crt, root.key and root.crl: the list in force. The new one keeps every entry of it, and its
-- number is above it; it lies in publish/ of --authority, and when it is due the next time stands in the report.
-- --previous names the record of the ceremony before with this root.

ceremony "Example Root CA: the next revocation list" { version = "1.0" }

people { administrator = 1, operator = 1, witnesses = 2 }

stations { root = "the offline machine that holds the root key" }

step "Bring in the root certificate and its list" { at = "root",
  receive_certificate "root certificate" { from = "root.crt" },
  compare             "root certificate" { with = "the card from the safe" },
  receive_list        "list in force" { from = "root.crl", under = "root certificate" },
}

step "Sign the next list, offline" { at = "root",
  confirm "Is every cable out and every radio off, where all can see it?",
  unlock  "root key" { from = "root.key" },
  publish "root revocation list" {
    with = "root key", under = "root certificate", after = "list in force",
    url = "http://pki.example.com/root.crl", valid_for = "6 months",
    -- What is revoked from now on, if anything (the serial number as `openssl x509 -serial` shows it):
    -- revoke = { { serial = "0142", date = "2026-11-20", reason = "cessationOfOperation" } },
  },
}

step "Close" { at = "root", attest "Was the script followed?" }

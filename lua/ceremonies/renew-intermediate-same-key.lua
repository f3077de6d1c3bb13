-- A new certificate for the key that an authority has already, under the same name: before the old certificate ends.
-- What the old one gave out verifies under the new one too, and so do its revocation lists. The old certificate stays
-- beside the new one, which ca.json names at the end.
--
-- At ca lies the tree that step-ca runs on (--authority); at root what the root publishes; on the media root.key and
-- root.crl, the list in force. --previous names the record of the ceremony before with the same root. `verger renew
-- RECORD --same-key` writes such a script with the names of a record. Else copy this file and rsa_intermediate_ca.tpl,
-- put in the very name that the intermediate has, and rehearse.

ceremony "Example Intermediate CA, with the same key for longer" { version = "1.0" }

people { administrator = 1, operator = 1, witnesses = 2 }

stations {
  ca   = "the machine that runs step-ca",
  root = "the offline machine that holds the root key",
}

step "Take over the authority" { at = "ca",
  adopt   "the authority",
  compare "root certificate" { with = "the card from the safe" },
}

step "Ask to be signed" { at = "ca",
  request "renewal request" {
    key = "intermediate key", subject = "Example Intermediate CA", template = "rsa_intermediate_ca.tpl",
  },
}

step "Bring in the list in force" { at = "root",
  receive_list "list in force" { from = "root.crl", under = "root certificate" },
}

step "Sign, offline" { at = "root",
  confirm "Is every cable out and every radio off, where all can see it?",
  unlock  "root key" { from = "root.key" },
  sign    "renewed intermediate certificate" {
    request = "renewal request", with = "root key", under = "root certificate", valid_for = "5 years",
  },
  publish "root revocation list" {
    with = "root key", under = "root certificate", after = "list in force",
    url = "http://pki.example.com/root.crl", valid_for = "6 months",
  },
}

step "Install the certificate" { at = "ca", install "renewed intermediate certificate" }

step "Check that it will run" { at = "ca",
  check  "the authority",
  say    "step-ca uses the new one when it is started anew, or with: systemctl reload step-ca",
  attest "Was the script followed?",
}

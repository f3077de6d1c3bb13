-- The emergency: the intermediate's key is in other hands, or may be. The root revokes its certificate, and signs
-- another for a key that is made now. What the old one gave out is refused wherever the root's list is looked at, and
-- is given out anew by the new one.
--
-- Before: take step-ca off the network. At ca lies the tree that step-ca runs on (--authority); at root what the root
-- publishes; on the media root.key and root.crl, the list in force. --previous names the record of the ceremony before
-- with the same root. Copy this file and rsa_intermediate_ca.tpl, put your own names in, and below the day since when
-- the key is not to be trusted, and rehearse: it is quick.
--
-- After: put root.crl where it is read, at once; when the next one is due stands in the report. The old key stays,
-- encrypted, at ca, and signs nothing more. The new one lies under the same password: change that too (step crypto
-- change-pass), when it may be known.

ceremony "Example Intermediate CA is revoked, and another takes its place" { version = "1.0" }

people { administrator = 1, operator = 1, witnesses = 2 }

stations {
  ca   = "the machine that runs step-ca",
  root = "the offline machine that holds the root key",
}

step "Take over the authority" { at = "ca",
  confirm "Is step-ca stopped, and this machine off the network?",
  adopt   "the authority",
  compare "root certificate" { with = "the card from the safe" },
}

step "Ask to be signed" { at = "ca",
  generate "new intermediate key" { kind = "RSA-3072" },
  request  "new intermediate request" {
    key = "new intermediate key", subject = "Example Intermediate CA 2", template = "rsa_intermediate_ca.tpl",
  },
}

step "Bring in the list in force" { at = "root",
  receive_list "list in force" { from = "root.crl", under = "root certificate" },
}

step "Revoke the one and sign the other, offline" { at = "root",
  confirm "Is every cable out and every radio off, where all can see it?",
  unlock  "root key" { from = "root.key" },
  sign    "new intermediate certificate" {
    request = "new intermediate request", with = "root key", under = "root certificate", valid_for = "5 years",
  },
  publish "root revocation list" {
    with = "root key", under = "root certificate", after = "list in force",
    revoke = { { certificate = "intermediate certificate", date = "2026-11-01", reason = "keyCompromise" } },
    url = "http://pki.example.com/root.crl", valid_for = "6 months",
  },
}

step "Install the certificate" { at = "ca", install "new intermediate certificate" }

step "Check that it will run" { at = "ca",
  check  "the authority",
  say    "Put the root's list where it is read, before step-ca is started on the new key.",
  attest "Was the script followed?",
}

-- A new intermediate, with a key of its own, for an authority that runs already: before the old one ends, or when its
-- key has served long enough. Nothing in use is touched: key and certificate come beside the old ones, and ca.json
-- names the new ones at the end. What the old one gave out verifies under the old one, until it ends.
--
-- step-ca signs its revocation list with the key in use. Certificates of the old intermediate that are checked against
-- a list should have ended by the day, or renew-intermediate-same-key.lua is the better choice.
--
-- At ca lies the tree that step-ca runs on (--authority); at root what the root publishes; on the media root.key and
-- root.crl, the list in force. --previous names the record of the ceremony before with the same root. Copy this file
-- and rsa_intermediate_ca.tpl, put your own names in, and rehearse.

ceremony "Example Intermediate CA 2, in place of the first" { version = "1.0" }

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
  generate "new intermediate key" { kind = "RSA-3072" },
  request  "new intermediate request" {
    key = "new intermediate key", subject = "Example Intermediate CA 2", template = "rsa_intermediate_ca.tpl",
  },
}

step "Bring in the list in force" { at = "root",
  receive_list "list in force" { from = "root.crl", under = "root certificate" },
}

step "Sign, offline" { at = "root",
  confirm "Is every cable out and every radio off, where all can see it?",
  unlock  "root key" { from = "root.key" },
  sign    "new intermediate certificate" {
    request = "new intermediate request", with = "root key", under = "root certificate", valid_for = "5 years",
  },
  publish "root revocation list" {
    with = "root key", under = "root certificate", after = "list in force",
    url = "http://pki.example.com/root.crl", valid_for = "6 months",
  },
}

step "Install the certificate" { at = "ca", install "new intermediate certificate" }

step "Check that it will run" { at = "ca",
  check  "the authority",
  say    "step-ca uses the new one when it is started anew, or with: systemctl reload step-ca",
  attest "Was the script followed?",
}

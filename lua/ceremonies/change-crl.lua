-- Other revocation settings for an authority that runs already: where its list is, how long it is valid, when it is
-- made anew. At ca lies the tree that step-ca runs on (--authority); no key signs. Copy this file, put your values in,
-- and rehearse. --previous names the record of the ceremony before, as for change-policy.lua. Certificates that were
-- given out before keep the address that they have: where the url changes, the list stays readable at the old one too
-- until the last of them has ended.

ceremony "Example Intermediate CA: other revocation settings" { version = "1.0" }

people { administrator = 1, operator = 1, witnesses = 1 }

stations { ca = "the machine that runs step-ca" }

step "Take over the authority" { at = "ca",
  adopt   "the authority",
  compare "root certificate" { with = "the card from the safe" },
}

step "Set up active revocation" { at = "ca",
  revocation { url = "http://ca.example.com/crl", on_revoke = true, cache = "12h", renew = "8h" },
  confirm "Is this the change that was decided?",
}

step "Check that it will run" { at = "ca",
  check  "the authority",
  say    "step-ca reads the change when it is started anew, or with: systemctl reload step-ca",
  attest "Was the script followed?",
}

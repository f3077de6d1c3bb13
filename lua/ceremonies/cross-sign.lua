-- A cross-certificate: our root vouches for another CA that has a certificate already, so that who trusts our root
-- trusts what that CA issues. It gets the same subject and the same key once more, and may do no more than it may now.
-- Copy this file and cross_ca.tpl, put your own names in, and rehearse.
--
-- On the media lie root.crt and root.key, and other-ca.crt: the certificate that the other CA has. That its name and
-- key are the other CA's, a card says that came another way. What is handed out lies in publish/ of --authority.

ceremony "Example Root CA cross-signs Other CA" { version = "1.0" }

people { administrator = 1, operator = 1, witnesses = 2 }

stations { root = "the offline machine that holds the root key" }

step "Bring in both certificates" { at = "root",
  receive_certificate "root certificate" { from = "root.crt" },
  compare             "root certificate" { with = "the card from the safe" },
  receive_certificate "other certificate" { from = "other-ca.crt" },
  compare             "other certificate" { with = "the letter of the other CA" },
}

step "Cross-sign, offline" { at = "root",
  confirm    "Is every cable out and every radio off, where all can see it?",
  unlock     "root key" { from = "root.key" },
  cross_sign "cross-certificate" {
    certificate = "other certificate", with = "root key", under = "root certificate", template = "cross_ca.tpl",
    valid_for = "3 years",
  },
}

step "Close" { at = "root", attest "Was the script followed?" }

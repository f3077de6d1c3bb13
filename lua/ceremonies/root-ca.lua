-- A root CA from nothing, at one offline machine: its key, its certificate, its first revocation list.
-- Copy this file and root_ca.tpl, put your own names and dates in, and rehearse.
--
-- The key lies as root.key, encrypted, in the folder that --authority names; what is handed out lies there in publish/.
-- The next ceremony of this root (intermediate-ca.lua, with --previous and this record) finds both when the folder is
-- the --media of its station "root": root.key, and publish/root.pem as root.crt.

ceremony "Example Root CA" { version = "1.0" }

people { administrator = 1, operator = 1, witnesses = 2 }

stations { root = "the offline machine that holds the root key" }

step "Make the key" { at = "root",
  confirm  "Is every cable out and every radio off, where all can see it?",
  generate "root key" { kind = "P-384", to = "root.key" },
}

step "Make the root certificate" { at = "root",
  unlock    "root key" { from = "root.key" },
  self_sign "root certificate" {
    with = "root key", subject = { organization = "Example Org", commonName = "Example Root CA" },
    template = "root_ca.tpl", ends = "2046-12-31T23:59:59Z",
  },
  publish   "root revocation list" {
    with = "root key", under = "root certificate", url = "http://pki.example.com/root.crl", valid_for = "6 months",
  },
}

step "Write the fingerprint down" { at = "root",
  compare "root certificate" { with = "what everybody wrote on a card for the safe, while it was read aloud" },
  attest  "Was the script followed?",
}

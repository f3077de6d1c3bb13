-- The revocation list of the authority, made in the place of a step-ca that is down: before the list in force ends, and
-- with what has to be revoked meanwhile. Copy this file, put your own names in, and rehearse.
--
-- At ca lies the tree that step-ca runs on (--authority); its key signs, and its ca.json says where the list is read. On
-- the media lie crl.der, the list in force as it was last fetched, and serials.txt: a line for each certificate that is
-- revoked besides, SERIAL [DATE [REASON]], such as 6d60853f 2026-11-23T17:00:00Z keyCompromise; it may be empty.
-- The new list lies in publish/ of --authority, to be put where the list in force was read. --previous names the record
-- of the fallback before this one, if there was one.

ceremony "Example Intermediate CA: a revocation list without step-ca" { version = "1.0" }

people { administrator = 1, operator = 1, witnesses = 1 }

stations { ca = "the machine that runs step-ca, or has a copy of its tree" }

step "Take over the authority" { at = "ca",
  adopt        "the authority",
  compare      "root certificate" { with = "the card from the safe" },
  receive_list "list in force" { from = "crl.der", under = "intermediate certificate" },
}

step "Sign the fallback list" { at = "ca",
  unlock           "intermediate key" { from = "the authority" },
  publish_fallback "fallback list" {
    with = "intermediate key", under = "intermediate certificate", after = "list in force", serials = "serials.txt",
    valid_for = "3 days",
  },
}

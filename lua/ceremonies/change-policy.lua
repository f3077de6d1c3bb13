-- Another policy for an authority that runs already: which names step-ca may give certificates for.
-- At ca lies the tree that step-ca runs on (--authority); no key signs. Copy this file, write the whole policy as it is
-- to be, and rehearse. --previous names the record of the ceremony before; then it is said whether the tree is what
-- that one left. The configuration as found and as changed are commits of the ledger.

ceremony "Example Intermediate CA: another policy" { version = "1.0" }

people { administrator = 1, operator = 1, witnesses = 1 }

stations { ca = "the machine that runs step-ca" }

step "Take over the authority" { at = "ca",
  adopt   "the authority",
  compare "root certificate" { with = "the card from the safe" },
}

step "Set the policy" { at = "ca",
  policy {
    allow = { dns = { "*.local.example.com" }, ip = { "10.0.0.0/24", "10.0.1.0/24" } },
    deny  = { dns = { "forbidden.local.example.com" }, ip = { "10.0.0.153" } },
    wildcards = false,
  },
  confirm "Is this the change that was decided?",
}

step "Check that it will run" { at = "ca",
  check  "the authority",
  say    "step-ca reads the change when it is started anew, or with: systemctl reload step-ca",
  attest "Was the script followed?",
}

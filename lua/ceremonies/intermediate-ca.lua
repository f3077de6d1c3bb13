-- An intermediate CA for server certificates, under an existing offline root, to be run by step-ca.
-- Copy this file and rsa_intermediate_ca.tpl, put your own names in, and rehearse.
-- With `witnessed_by = 2` beside its station, a step waits for the seals of two witnesses with keys of their own.

ceremony "Example Intermediate CA, for server certificates" { version = "1.0" }

people { administrator = 1, operator = 1, witnesses = 2 }

stations {
  ca   = "the machine that will run step-ca",
  root = "the offline machine that holds the root key",
}

step "Initialize the PKI" { at = "ca",
  initialize "Example Intermediate CA" {
    dns = { "ca.example.com" }, address = ":443", provisioner = "admin@example.com",
  },
}

step "Purge the keys it came with" { at = "ca",
  say   "Initializing made keys of its own. Nobody witnessed their birth, so they go.",
  purge "every generated key and certificate",
}

step "Bring in the root certificate" { at = "ca",
  import  "root certificate" { from = "root.crt" },
  compare "root certificate" { with = "the card from the safe" },
}

step "Ask to be signed" { at = "ca",
  generate "intermediate key" { kind = "RSA-3072" },
  request  "intermediate request" {
    key = "intermediate key", subject = "Example Intermediate CA", template = "rsa_intermediate_ca.tpl",
  },
}

step "Sign, offline" { at = "root",
  confirm "Is every cable out and every radio off, where all can see it?",
  unlock  "root key" { from = "root.key" },
  sign    "intermediate certificate" {
    request = "intermediate request", with = "root key", under = "root certificate", valid_for = "5 years",
  },
  publish "root revocation list" {
    with = "root key", under = "root certificate", url = "http://pki.example.com/root.crl", valid_for = "6 months",
  },
}

step "Install the certificate" { at = "ca", install "intermediate certificate" }

step "Set up active revocation" { at = "ca",
  revocation { url = "http://ca.example.com/crl", on_revoke = true, cache = "24h", renew = "16h" },
}

step "Set up the policy" { at = "ca",
  policy {
    allow = { dns = { "*.local.example.com" }, ip = { "10.0.0.0/24" } },
    deny  = { dns = { "forbidden.local.example.com" }, ip = { "192.168.1.153" } },
    wildcards = false,
  },
}

step "Check that it will run" { at = "ca",
  check  "the authority",
  attest "Was the script followed?",
}

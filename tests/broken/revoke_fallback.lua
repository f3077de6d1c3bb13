-- expect: 11: publish_fallback: needs "initialize" or "adopt" before it at this station: there is no ca.json that says where the list is read
ceremony "Broken" { version = "1" }
people { operator = 1 }
stations { ca = "the machine that runs step-ca" }
step "Receive" { at = "ca",
  receive_certificate "intermediate certificate" { from = "ca.crt" },
  receive_list "list in force" { from = "crl.der", under = "intermediate certificate" },
}
step "List" { at = "ca",
  unlock "intermediate key" { from = "ca.key" },
  publish_fallback "fallback list" {
    with = "intermediate key", under = "intermediate certificate", after = "list in force", valid_for = "3 days",
  },
}

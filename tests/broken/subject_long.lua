-- expect: 10: request: the common name is longer than 54 characters: with a rehearsal's "REHEARSAL " before it, it must fit into 64 (RFC 5280 appendix A.1)
ceremony "Broken" { version = "1" }
people { operator = 1 }
stations { ca = "the machine that will run step-ca", root = "the offline machine" }
step "Initialize" { at = "ca",
  initialize "Example" { dns = { "ca.example.com" }, address = ":443", provisioner = "admin@example.com" } } step "Purge" { at = "ca", purge "every generated key and certificate",
}
step "Ask" { at = "ca",
  generate "intermediate key" { kind = "P-256" },
  request "intermediate request" {
    key = "intermediate key", subject = "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx", template = "good.tpl",
  },
}

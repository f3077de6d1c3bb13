-- expect: 11: request: no_crl_sign.tpl: "keyUsage" must have "crlSign" for an intermediate (RFC 5280 4.2.1.3)
ceremony "Broken" { version = "1" }
people { operator = 1 }
stations { ca = "the machine that will run step-ca" }
step "Initialize" { at = "ca",
  initialize "Example" { dns = { "ca.example.com" }, address = ":443", provisioner = "admin@example.com" },
} step "Purge" { at = "ca", purge "every generated key and certificate",
}
step "One" { at = "ca",
  generate "intermediate key" { kind = "P-256" },
  request "r" { key = "intermediate key", subject = "Example CA", template = "no_crl_sign.tpl" },
}

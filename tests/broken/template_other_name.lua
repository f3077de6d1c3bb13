-- expect: 11: request: other_name.tpl: makes it for CN=Other CA, and the script says CN=Example CA; use {{ toJson .Subject }} in the template
ceremony "Broken" { version = "1" }
people { operator = 1 }
stations { ca = "the machine that will run step-ca" }
step "Initialize" { at = "ca",
  initialize "Example" { dns = { "ca.example.com" }, address = ":443", provisioner = "admin@example.com" },
} step "Purge" { at = "ca", purge "every generated key and certificate",
}
step "One" { at = "ca",
  generate "intermediate key" { kind = "P-256" },
  request "r" { key = "intermediate key", subject = "Example CA", template = "other_name.tpl" },
}

-- expect: 11: request option "subject" must be a text (the CN) or a table (the whole name)
ceremony "Broken" { version = "1" }
people { operator = 1 }
stations { ca = "the machine that will run step-ca", root = "the offline machine" }
step "Initialize" { at = "ca",
  initialize "Example" { dns = { "ca.example.com" }, address = ":443", provisioner = "admin@example.com" } } step "Purge" { at = "ca", purge "every generated key and certificate",
}
step "Ask" { at = "ca",
  generate "intermediate key" { kind = "P-256" },
  request "intermediate request" {
    key = "intermediate key", subject = 7, template = "good.tpl",
  },
}

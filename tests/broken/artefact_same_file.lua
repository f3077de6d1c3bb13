-- expect: 11: request: "intermediate-key" would have the same file name (intermediate-key) as "intermediate key"
ceremony "Broken" { version = "1" }
people { operator = 1 }
stations { ca = "the machine that will run step-ca", root = "the offline machine" }
step "Initialize" { at = "ca",
  initialize "Example" { dns = { "ca.example.com" }, address = ":443", provisioner = "admin@example.com" } } step "Purge" { at = "ca", purge "every generated key and certificate",
}
step "Import" { at = "ca", import "root certificate" { from = "root.crt" } }
step "Ask" { at = "ca",
  generate "intermediate key" { kind = "P-256" },
  request "intermediate-key" {
    key = "intermediate key", subject = "Example CA", template = "good.tpl",
  },
}

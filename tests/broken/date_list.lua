-- expect: 18: sign option "ends" must be a text in quotes, not a table
ceremony "Broken" { version = "1" }
people { operator = 1 }
stations { ca = "the machine that will run step-ca", root = "the offline machine" }
step "Initialize" { at = "ca",
  initialize "Example" { dns = { "ca.example.com" }, address = ":443", provisioner = "admin@example.com" } } step "Purge" { at = "ca", purge "every generated key and certificate",
}
step "Import" { at = "ca", import "root certificate" { from = "root.crt" } }
step "Ask" { at = "ca",
  generate "intermediate key" { kind = "P-256" },
  request "intermediate request" {
    key = "intermediate key", subject = "Example CA", template = "good.tpl",
  },
}
step "Sign" { at = "root",
  unlock "root key" { from = "root.key" },
  sign "intermediate certificate" {
    request = "intermediate request", with = "root key", under = "root certificate", ends = { "2031-02-28" },
  },
  publish "root list" {
    with = "root key", under = "root certificate", url = "http://pki.example.com/root.crl", valid_for = "6 months",
  },
}

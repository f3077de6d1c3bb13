-- expect: 11: request: template_empty.tpl: line 1, column 1: the text ends too early; a bracket, brace or quote is not closed
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
    key = "intermediate key", subject = "Example CA", template = "template_empty.tpl",
  },
}
step "Sign" { at = "root",
  unlock "root key" { from = "root.key" },
  sign "intermediate certificate" {
    request = "intermediate request", with = "root key", under = "root certificate", valid_for = "5 years",
  },
  publish "root list" {
    with = "root key", under = "root certificate", url = "http://pki.example.com/root.crl", valid_for = "6 months",
  },
}

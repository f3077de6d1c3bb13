-- expect: 12: publish option "url" must end in the name of a file such as root.crl ([A-Za-z0-9._-], at most 80, not starting with a dot), as it is published (RFC 2585): "http://pki.example.com/.."
ceremony "Broken" { version = "1" }
people { operator = 1 }
stations { ca = "the machine that will run step-ca", root = "the offline machine" }
step "Initialize" { at = "ca",
  initialize "Example" { dns = { "ca.example.com" }, address = ":443", provisioner = "admin@example.com" },
}
step "Import" { at = "ca", import "root certificate" { from = "root.crt" } }
step "List" { at = "root",
  unlock "root key" { from = "root.key" },
  publish "root list" {
    with = "root key", under = "root certificate", url = "http://pki.example.com/..", valid_for = "6 months",
  },
}

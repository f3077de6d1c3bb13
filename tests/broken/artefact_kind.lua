-- expect: 11: request (key): "root certificate" is a certificate (line 8), and a key made at this station is needed
ceremony "Broken" { version = "1" }
people { operator = 1 }
stations { ca = "the machine that will run step-ca", root = "the offline machine" }
step "Initialize" { at = "ca",
  initialize "Example" { dns = { "ca.example.com" }, address = ":443", provisioner = "admin@example.com" } } step "Purge" { at = "ca", purge "every generated key and certificate",
}
step "Import" { at = "ca", import "root certificate" { from = "root.crt" } }
step "One" { at = "ca",
  generate "intermediate key" { kind = "P-256" },
  request "r" { key = "root certificate", subject = "Example CA", template = "good.tpl" },
}

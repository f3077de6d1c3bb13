-- expect: 12: request (key): "intermediate key" is at station "ca" (line 9) and never leaves it
ceremony "Broken" { version = "1" }
people { operator = 1 }
stations { ca = "the machine that will run step-ca", root = "the offline machine" }
step "Initialize" { at = "ca",
  initialize "Example" { dns = { "ca.example.com" }, address = ":443", provisioner = "admin@example.com" } } step "Purge" { at = "ca", purge "every generated key and certificate",
}
step "One" { at = "ca",
  generate "intermediate key" { kind = "P-256" },
}
step "Two" { at = "root",
  request "r" { key = "intermediate key", subject = "Example CA", template = "good.tpl" },
}

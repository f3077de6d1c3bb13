-- expect: 9: generate: needs "purge" before it at this station: initialize made a key with that name, and no key is ever overwritten
ceremony "Broken" { version = "1" }
people { operator = 1 }
stations { ca = "the machine that will run step-ca" }
step "Initialize" { at = "ca",
  initialize "Example" { dns = { "ca.example.com" }, address = ":443", provisioner = "admin@example.com" },
}
step "One" { at = "ca",
  generate "intermediate key" { kind = "P-256" },
  request "r" { key = "intermediate key", subject = "Example CA", template = "good.tpl" },
}

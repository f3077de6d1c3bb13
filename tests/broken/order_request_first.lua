-- expect: 6: generate: needs "initialize" or "adopt" before it at this station: there is no tree to put it in; a key with a file of its own says where: to = "root.key"
ceremony "Broken" { version = "1" }
people { operator = 1 }
stations { ca = "the machine that will run step-ca", root = "the offline machine" }
step "Ask" { at = "ca",
  generate "intermediate key" { kind = "P-256" },
  request "intermediate request" {
    key = "intermediate key", subject = "Example CA", template = "good.tpl",
  },
}

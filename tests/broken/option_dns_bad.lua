-- expect: 6: initialize: dns "-a.example.com" has a label that begins or ends with a hyphen
ceremony "Broken" { version = "1" }
people { operator = 1 }
stations { ca = "the machine that will run step-ca", root = "the offline machine" }
step "One" { at = "ca",
  initialize "E" { dns = { "-a.example.com" }, address = ":443", provisioner = "a" },
}

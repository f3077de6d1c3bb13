-- expect: 9: leaf: the text behind it "sever" is not known; did you mean "server"?
ceremony "Broken" { version = "1" }
people { operator = 1 }
stations { ca = "the machine that will run step-ca", root = "the offline machine" }
step "Initialize" { at = "ca",
  initialize "Example" { dns = { "ca.example.com" }, address = ":443", provisioner = "admin@example.com" },
}
step "One" { at = "ca",
  leaf "sever" { provisioner = "admin@example.com" },
}

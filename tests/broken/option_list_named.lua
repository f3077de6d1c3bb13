-- expect: 6: initialize: "dns" mixes names and a list
ceremony "Broken" { version = "1" }
people { operator = 1 }
stations { ca = "the machine that will run step-ca", root = "the offline machine" }
step "One" { at = "ca",
  initialize "E" { dns = { "a.example.com", b = "b.example.com" }, address = ":443", provisioner = "a" },
}

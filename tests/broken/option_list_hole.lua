-- expect: 6: initialize: "dns" is a list with a hole (nil) in it
ceremony "Broken" { version = "1" }
people { operator = 1 }
stations { ca = "the machine that will run step-ca", root = "the offline machine" }
step "One" { at = "ca",
  initialize "E" { dns = { "a.example.com", nil, "b.example.com" }, address = ":443", provisioner = "a" },
}

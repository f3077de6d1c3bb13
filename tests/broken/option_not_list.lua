-- expect: 6: initialize option "dns" must be a list such as { "a", "b" }
ceremony "Broken" { version = "1" }
people { operator = 1 }
stations { ca = "the machine that will run step-ca", root = "the offline machine" }
step "One" { at = "ca",
  initialize "E" { dns = "a.example.com", address = ":443", provisioner = "a" },
}

-- expect: 6: initialize option "dns" must not be empty
ceremony "Broken" { version = "1" }
people { operator = 1 }
stations { ca = "the machine that will run step-ca", root = "the offline machine" }
step "One" { at = "ca",
  initialize "E" { dns = {}, address = ":443", provisioner = "a" },
}

-- expect: 6: initialize option "no_db" must be true or false
ceremony "Broken" { version = "1" }
people { operator = 1 }
stations { ca = "the machine that will run step-ca", root = "the offline machine" }
step "One" { at = "ca",
  initialize "E" { dns = { "a.example.com" }, address = ":443", provisioner = "a", no_db = "yes" },
}

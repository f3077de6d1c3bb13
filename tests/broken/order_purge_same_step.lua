-- expect: 7: purge: needs a step of its own after that of "initialize" (line 6): what that makes lies in its place once its page is sealed
ceremony "Broken" { version = "1" }
people { operator = 1 }
stations { ca = "the machine that will run step-ca" }
step "Initialize" { at = "ca",
  initialize "Example" { dns = { "ca.example.com" }, address = ":443", provisioner = "admin@example.com" },
  purge "every generated key and certificate",
}

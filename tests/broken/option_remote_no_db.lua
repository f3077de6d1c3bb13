-- expect: 6: initialize: remote management keeps provisioners and administrators in the database; take no_db out
ceremony "Broken" { version = "1" }
people { operator = 1 }
stations { ca = "the machine that will run step-ca", root = "the offline machine" }
step "Initialize" { at = "ca",
  initialize "Example" { dns = { "ca.example.com" }, address = ":443", provisioner = "admin@example.com",
    remote_management = true, no_db = true },
}

-- expect: 6: initialize: "admin_subject" has no effect without remote_management = true
ceremony "Broken" { version = "1" }
people { operator = 1 }
stations { ca = "the machine that will run step-ca", root = "the offline machine" }
step "Initialize" { at = "ca",
  initialize "Example" { dns = { "ca.example.com" }, address = ":443", provisioner = "admin@example.com",
    admin_subject = "step" },
}

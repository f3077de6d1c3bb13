-- expect: 7: initialize option "admin_subject" must be "step", as step-ca makes its first super administrator itself; after its first start add yours: step ca admin add alice PROVISIONER --super
ceremony "Broken" { version = "1" }
people { operator = 1 }
stations { ca = "the machine that will run step-ca", root = "the offline machine" }
step "Initialize" { at = "ca",
  initialize "Example" { dns = { "ca.example.com" }, address = ":443", provisioner = "admin@example.com",
    remote_management = true, admin_subject = "alice" },
}

-- expect: 6: initialize option "dns" (entry 1) must be a text in quotes, not a number
ceremony "Broken" { version = "1" }
people { operator = 1 }
stations { ca = "the machine that will run step-ca", root = "the offline machine" }
step "One" { at = "ca",
  initialize "E" { dns = { 1, 2 }, address = ":443", provisioner = "a" },
}

-- expect: 6: initialize option "address" "443" has no port; write ":443" or "host:443"
ceremony "Broken" { version = "1" }
people { operator = 1 }
stations { ca = "the machine that will run step-ca", root = "the offline machine" }
step "One" { at = "ca",
  initialize "E" { dns = { "a.example.com" }, address = "443", provisioner = "a" },
}

-- expect: 6: initialize option "dns" names "a.example.com" twice
ceremony "Broken" { version = "1" }
people { operator = 1 }
stations { ca = "the machine that will run step-ca", root = "the offline machine" }
step "One" { at = "ca",
  initialize "E" { dns = { "a.example.com", "a.example.com" }, address = ":443", provisioner = "a" },
}

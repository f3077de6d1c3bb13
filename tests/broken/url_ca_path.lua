-- expect: 6: initialize option "ca_url" must be an https:// URL without a path
ceremony "Broken" { version = "1" }
people { operator = 1 }
stations { ca = "the machine that will run step-ca", root = "the offline machine" }
step "One" { at = "ca",
  initialize "E" { dns = { "a.example.com" }, address = ":443", provisioner = "a", ca_url = "https://a.example.com/x" },
}

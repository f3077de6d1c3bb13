-- expect: 9: policy: "constrain": nothing is requested at this station whose certificate could say it
ceremony "Broken" { version = "1" }
people { operator = 1 }
stations { ca = "the machine that will run step-ca", root = "the offline machine" }
step "Initialize" { at = "ca",
  initialize "Example" { dns = { "ca.example.com" }, address = ":443", provisioner = "admin@example.com" },
}
step "One" { at = "ca",
  policy { allow = { dns = { "*.example.com" } }, constrain = true },
}

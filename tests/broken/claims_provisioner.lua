-- expect: 9: claims: there is no provisioner "admin@exmaple.com"; did you mean "admin@example.com"?
ceremony "Broken" { version = "1" }
people { operator = 1 }
stations { ca = "the machine that will run step-ca", root = "the offline machine" }
step "Initialize" { at = "ca",
  initialize "Example" { dns = { "ca.example.com" }, address = ":443", provisioner = "admin@example.com" },
}
step "One" { at = "ca",
  claims { provisioner = "admin@exmaple.com", max = "2160h" },
}

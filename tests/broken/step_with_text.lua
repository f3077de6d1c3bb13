-- expect: 5: step "One": entry 1 is "say hello", which is no word of the ceremony
ceremony "Broken" { version = "1" }
people { operator = 1 }
stations { ca = "the machine that will run step-ca", root = "the offline machine" }
step "One" { at = "ca",
  "say hello",
}

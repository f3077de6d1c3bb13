-- expect: 6: attempt to perform arithmetic on a string value (constant '1')
ceremony "Broken" { version = "1" }
people { operator = 1 }
stations { ca = "the machine that will run step-ca", root = "the offline machine" }
step "One" { at = "ca",
  say("1" + 1),
}

-- expect: 6: a text has no methods here ("rep" was asked of it)
ceremony "Broken" { version = "1" }
people { operator = 1 }
stations { ca = "the machine that will run step-ca", root = "the offline machine" }
step "One" { at = "ca",
  say(("x"):rep(9)),
}

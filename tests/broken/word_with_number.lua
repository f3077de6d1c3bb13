-- expect: 6: say wants a text in quotes here; it got a number
ceremony "Broken" { version = "1" }
people { operator = 1 }
stations { ca = "the machine that will run step-ca", root = "the offline machine" }
step "Talk" { at = "ca",
  say(7),
}

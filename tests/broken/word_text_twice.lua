-- expect: 6: say wants { ... } here; it got a text
ceremony "Broken" { version = "1" }
people { operator = 1 }
stations { ca = "the machine that will run step-ca", root = "the offline machine" }
step "Talk" { at = "ca",
  say "one" "two",
}

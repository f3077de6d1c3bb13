-- expect: 5: step "One": entry 2 is a step, which does not stand in a step
ceremony "Broken" { version = "1" }
people { operator = 1 }
stations { ca = "the machine that will run step-ca", root = "the offline machine" }
step "One" { at = "ca",
  say "hello",
  step "Two" { at = "ca", say "hello" },
}

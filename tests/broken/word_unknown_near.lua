-- expect: 7: unknown word "confrim"; did you mean "confirm"?
ceremony "Broken" { version = "1" }
people { operator = 1 }
stations { ca = "the machine that will run step-ca", root = "the offline machine" }
step "Talk" { at = "ca",
  say "hello",
  confrim "Ready?",
}

-- expect: 6: “ is a typographic quote; write straight ones: "..."
ceremony "Broken" { version = "1" }
people { operator = 1 }
stations { ca = "the machine that will run step-ca", root = "the offline machine" }
step "One" { at = "ca",
  say “a”,
}

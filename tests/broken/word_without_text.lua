-- expect: 5: step "Talk": entry 1 is say without its text or options; write say "..."
ceremony "Broken" { version = "1" }
people { operator = 1 }
stations { ca = "the machine that will run step-ca", root = "the offline machine" }
step "Talk" { at = "ca",
  say,
}

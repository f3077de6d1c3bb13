-- expect: 6: say: the text behind it must be one line, without control characters: "red \x1b[31m"
ceremony "Broken" { version = "1" }
people { operator = 1 }
stations { ca = "the machine that will run step-ca", root = "the offline machine" }
step "One" { at = "ca",
  say "red \27[31m",
}

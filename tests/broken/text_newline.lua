-- expect: 6: say: the text behind it must be one line, without control characters: "two\x0alines"
ceremony "Broken" { version = "1" }
people { operator = 1 }
stations { ca = "the machine that will run step-ca", root = "the offline machine" }
step "One" { at = "ca",
  say "two\nlines",
}

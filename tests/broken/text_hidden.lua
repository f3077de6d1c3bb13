-- expect: 6: say holds a character that cannot be seen (U+202E)
ceremony "Broken" { version = "1" }
people { operator = 1 }
stations { ca = "the machine that will run step-ca", root = "the offline machine" }
step "One" { at = "ca",
  say "abc \u{202E}def",
}

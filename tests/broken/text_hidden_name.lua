-- expect: 3: people: a name holds a character that cannot be seen (U+200B)
ceremony "Broken" { version = "1" }
people { ["operator\u{200B}"] = 1 }
stations { ca = "the machine that will run step-ca", root = "the offline machine" }
step "One" { at = "ca",
  say "hello",
}

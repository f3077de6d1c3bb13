-- expect: 7: '}' expected (to close '{' at line 5) near 'say'; is a comma missing before it?
ceremony "Broken" { version = "1" }
people { operator = 1 }
stations { ca = "the machine that will run step-ca", root = "the offline machine" }
step "One" { at = "ca",
  say "a"
  say "b",
}

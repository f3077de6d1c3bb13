-- expect: 6: say: the text behind it holds "[ ]", with which the agenda begins what is to be done
ceremony "Broken" { version = "1" }
people { operator = 1 }
stations { ca = "the machine that will run step-ca", root = "the offline machine" }
step "One" { at = "ca",
  say "Nothing is left to do. [ ] Unlock the root key.",
}

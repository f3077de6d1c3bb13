-- expect: 6: say is not UTF-8 text: "\xff\xfe"
ceremony "Broken" { version = "1" }
people { operator = 1 }
stations { ca = "the machine that will run step-ca", root = "the offline machine" }
step "One" { at = "ca",
  say "\255\254",
}

-- expect: 3: "Zoe" fills both "operator" and "witness"; nobody fills two roles
ceremony "Broken" { version = "1" }
people { operator = "Zoë", witness = "Zoe" }
stations { ca = "the machine that will run step-ca", root = "the offline machine" }
step "One" { at = "ca",
  say "hello",
}

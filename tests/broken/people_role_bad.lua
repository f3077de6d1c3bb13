-- expect: 3: role "Operator" must be a short name in lower-case letters
ceremony "Broken" { version = "1" }
people { Operator = 1 }
stations { ca = "a machine" }
step "Say" { at = "ca", say "hello" }

-- expect: 3: "ada" fills both "operator" and "witness"; nobody fills two roles
ceremony "Broken" { version = "1" }
people { operator = "Ada", witness = { "Ben", "ada" } }
stations { ca = "a machine" }
step "Say" { at = "ca", say "hello" }

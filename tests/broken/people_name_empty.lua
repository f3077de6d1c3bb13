-- expect: 3: role "operator" must not be empty
ceremony "Broken" { version = "1" }
people { operator = "" }
stations { ca = "a machine" }
step "Say" { at = "ca", say "hello" }

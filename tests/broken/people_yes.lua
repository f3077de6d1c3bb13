-- expect: 3: role "operator" must be a number of people, a name, or a list such as { "Ada", "Ben" }
ceremony "Broken" { version = "1" }
people { operator = true }
stations { ca = "a machine" }
step "Say" { at = "ca", say "hello" }

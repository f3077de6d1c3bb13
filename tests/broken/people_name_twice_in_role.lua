-- expect: 3: "ada" stands twice in the role "witnesses"
ceremony "Broken" { version = "1" }
people { witnesses = { "Ada", "ada" } }
stations { ca = "a machine" }
step "Say" { at = "ca", say "hello" }

-- expect: 3: role "operator" holds < or >, and cannot stand in a commit: "Ada <ada@example.com>"
ceremony "Broken" { version = "1" }
people { operator = "Ada <ada@example.com>" }
stations { ca = "a machine" }
step "Say" { at = "ca", say "hello" }

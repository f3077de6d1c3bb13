-- expect: 1: a script begins with: ceremony "Title" { version = "1.0" }
people { operator = 1 }
stations { ca = "a machine" }
step "Say" { at = "ca", say "hello" }

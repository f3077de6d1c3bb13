-- expect: 3: nobody fills the role "operator"; leave it out, or give it people
ceremony "Broken" { version = "1" }
people { operator = -1 }
stations { ca = "a machine" }
step "Say" { at = "ca", say "hello" }

-- expect: 2: ceremony wants the option "version"
ceremony "Broken" {}
people { operator = 1 }
stations { ca = "a machine" }
step "Say" { at = "ca", say "hello" }

-- expect: 3: people { ... } names nobody
ceremony "Broken" { version = "1" }
people {  }
stations { ca = "a machine" }
step "Say" { at = "ca", say "hello" }

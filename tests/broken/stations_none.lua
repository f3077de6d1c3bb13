-- expect: 4: stations { ... } names none
ceremony "Broken" { version = "1" }
people { operator = 1 }
stations {  }
step "Say" { at = "ca", say "hello" }

-- expect: 5: people was said already, on line 3
ceremony "Broken" { version = "1" }
people { operator = 1 }
stations { ca = "the machine that will run step-ca", root = "the offline machine" }
people { operator = 1 }
step "Say" { at = "ca", say "hello" }

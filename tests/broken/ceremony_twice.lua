-- expect: 5: ceremony was said already, on line 2
ceremony "Broken" { version = "1" }
people { operator = 1 }
stations { ca = "the machine that will run step-ca", root = "the offline machine" }
ceremony "Again" { version = "2" }
step "Say" { at = "ca", say "hello" }

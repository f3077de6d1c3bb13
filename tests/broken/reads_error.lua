-- expect: 5: unknown word "error"...
ceremony "Broken" { version = "1" }
people { operator = 1 }
stations { ca = "the machine that will run step-ca", root = "the offline machine" }
error "stop"
step "Say" { at = "ca", say "hello" }

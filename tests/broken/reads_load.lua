-- expect: 5: unknown word "load"...
ceremony "Broken" { version = "1" }
people { operator = 1 }
stations { ca = "the machine that will run step-ca", root = "the offline machine" }
load("return 1")
step "Say" { at = "ca", say "hello" }

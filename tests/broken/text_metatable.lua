-- expect: 5: a text has no methods here ("__index" was asked of it)
ceremony "Broken" { version = "1" }
people { operator = 1 }
stations { ca = "the machine that will run step-ca", root = "the offline machine" }
_ENV[("").__index] = 1
step "Say" { at = "ca", say "hello" }

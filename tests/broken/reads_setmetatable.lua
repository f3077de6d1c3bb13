-- expect: 5: unknown word "setmetatable"...
ceremony "Broken" { version = "1" }
people { operator = 1 }
stations { ca = "the machine that will run step-ca", root = "the offline machine" }
setmetatable({}, {})
step "Say" { at = "ca", say "hello" }

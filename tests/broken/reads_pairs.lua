-- expect: 5: unknown word "pairs"...
ceremony "Broken" { version = "1" }
people { operator = 1 }
stations { ca = "the machine that will run step-ca", root = "the offline machine" }
for k in pairs({}) do say(k) end
step "Say" { at = "ca", say "hello" }

-- expect: 6: say cannot be read or changed, only said
ceremony "Broken" { version = "1" }
people { operator = 1 }
stations { ca = "the machine that will run step-ca", root = "the offline machine" }
local w = say "hello"
step "Talk" { at = "ca", say(w.name) }

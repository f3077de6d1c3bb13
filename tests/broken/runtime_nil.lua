-- expect: 7: attempt to concatenate a nil value (local 'nothing')
ceremony "Broken" { version = "1" }
people { operator = 1 }
stations { ca = "the machine that will run step-ca", root = "the offline machine" }
local nothing
step "One" { at = "ca",
  say("a" .. nothing),
}

-- expect: 8: compare: "loop": "loop" is a table that holds itself
ceremony "Broken" { version = "1" }
people { operator = 1 }
stations { ca = "the machine that will run step-ca", root = "the offline machine" }
local loop = { with = "card" }
loop.loop = loop
step "One" { at = "ca",
  compare "x" (loop),
}

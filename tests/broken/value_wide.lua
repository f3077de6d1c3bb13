-- expect: 8: the script says more than 10000 things; a ceremony is shorter
ceremony "Broken" { version = "1" }
people { operator = 1 }
stations { ca = "the machine that will run step-ca", root = "the offline machine" }
local wide = { "x" }
for i = 1, 6 do wide = { wide, wide, wide, wide, wide, wide, wide, wide } end
step "One" { at = "ca",
  compare "x" { with = wide },
}

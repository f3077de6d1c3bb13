-- expect: 8: the script says more than 10000 things; a ceremony is shorter
ceremony "Broken" { version = "1" }
people { operator = 1 }
stations { ca = "the machine that will run step-ca", root = "the offline machine" }
local many = {}
for i = 1, 20000 do many[i] = "x" .. i end
step "One" { at = "ca",
  compare "x" { with = many },
}

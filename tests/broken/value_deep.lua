-- expect: 8: compare: "with" holds tables more than 8 deep
ceremony "Broken" { version = "1" }
people { operator = 1 }
stations { ca = "the machine that will run step-ca", root = "the offline machine" }
local deep = {}
for i = 1, 20 do deep = { deep } end
step "One" { at = "ca",
  compare "x" { with = deep },
}

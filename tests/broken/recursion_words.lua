-- expect: 6: a function calls itself without end
ceremony "Broken" { version = "1" }
people { operator = 1 }
stations { ca = "the machine that will run step-ca", root = "the offline machine" }
local function deeper()
  say(deeper())
end
deeper()

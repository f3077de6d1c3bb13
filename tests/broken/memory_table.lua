-- expect: 6: the script needs more than 64 MiB to describe itself; does it loop?
ceremony "Broken" { version = "1" }
people { operator = 1 }
stations { ca = "the machine that will run step-ca", root = "the offline machine" }
local bomb = {}
for i = 1, 1e8 do bomb[i] = i end

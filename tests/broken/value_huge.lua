-- expect: 7: the script says more than 1024 KiB of text
ceremony "Broken" { version = "1" }
people { operator = 1 }
stations { ca = "the machine that will run step-ca", root = "the offline machine" }
local huge = "x"
for i = 1, 21 do huge = huge .. huge end
step "One" { at = "ca", say(huge) }

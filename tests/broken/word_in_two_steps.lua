-- expect: 7: step "Two": entry 1 is the say of line 5, which stands in the step of line 6; a word is used in one place only
ceremony "Broken" { version = "1" }
people { operator = 1 }
stations { ca = "the machine that will run step-ca", root = "the offline machine" }
local hello = say "hello"
step "One" { at = "ca", hello }
step "Two" { at = "ca", hello }

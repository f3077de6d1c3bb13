-- expect: 9: the script ends, and the "{" on line 6 is not closed; a "}" is missing
ceremony "Broken" { version = "1" }
people { operator = 1 }
stations { ca = "the machine that will run step-ca", root = "the offline machine" }
step "One" { at = "ca",
  compare "x" { with = "} -- no end of anything", -- nor } this
  say "a",


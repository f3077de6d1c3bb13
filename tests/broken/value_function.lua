-- expect: 6: compare: "with" is a function; a script says texts, whole numbers, true, false and tables of these
ceremony "Broken" { version = "1" }
people { operator = 1 }
stations { ca = "the machine that will run step-ca", root = "the offline machine" }
step "One" { at = "ca",
  compare "x" { with = function() return "card" end },
}

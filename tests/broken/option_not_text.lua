-- expect: 6: compare option "with" must be a text in quotes, not a number
ceremony "Broken" { version = "1" }
people { operator = 1 }
stations { ca = "the machine that will run step-ca", root = "the offline machine" }
step "One" { at = "ca",
  compare "x" { with = 7 },
}

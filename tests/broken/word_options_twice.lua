-- expect: 6: compare was given its options already
ceremony "Broken" { version = "1" }
people { operator = 1 }
stations { ca = "the machine that will run step-ca", root = "the offline machine" }
step "Talk" { at = "ca",
  compare "x" { with = "a" } { with = "b" },
}

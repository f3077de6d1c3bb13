-- expect: 6: compare: "with" is a word; a word stands in a step
ceremony "Broken" { version = "1" }
people { operator = 1 }
stations { ca = "the machine that will run step-ca", root = "the offline machine" }
step "Talk" { at = "ca",
  compare "hello" { with = say "x" },
}

-- expect: 6: compare wants a name: compare "..."
ceremony "Broken" { version = "1" }
people { operator = 1 }
stations { ca = "the machine that will run step-ca", root = "the offline machine" }
step "Talk" { at = "ca",
  compare { with = "a card" },
}

-- expect: 6: unlock option "from" must be a text in quotes, not a number
ceremony "Broken" { version = "1" }
people { operator = 1 }
stations { ca = "the machine that will run step-ca", root = "the offline machine" }
step "One" { at = "root",
  unlock "root key" { from = 7 },
}

-- expect: 6: compare option "with" must be one line, without control characters: "a\x00b"
ceremony "Broken" { version = "1" }
people { operator = 1 }
stations { ca = "the machine that will run step-ca", root = "the offline machine" }
step "One" { at = "ca",
  compare "x" { with = "a\0b" },
}

-- expect: 6: say takes one text; a text in two parts is written say("..." .. "...")
ceremony "Broken" { version = "1" }
people { operator = 1 }
stations { ca = "the machine that will run step-ca", root = "the offline machine" }
step "Talk" { at = "ca",
  say "one " .. "two",
}

-- expect: 15: step "Step 1": unknown station "nowhere"; there is ca, root
-- expect: 16: say: the text behind it must not be empty
-- expect: 18: step "Step 2": unknown station "nowhere"; there is ca, root
-- expect: 19: say: the text behind it must not be empty
-- expect: 21: step "Step 3": unknown station "nowhere"; there is ca, root
-- expect: 22: say: the text behind it must not be empty
-- expect: 24: step "Step 4": unknown station "nowhere"; there is ca, root
-- expect: 25: say: the text behind it must not be empty
-- expect: 27: step "Step 5": unknown station "nowhere"; there is ca, root
-- expect: 28: say: the text behind it must not be empty
-- expect: + ... and 28 more
ceremony "Broken" { version = "1" }
people { operator = 1 }
stations { ca = "the machine that will run step-ca", root = "the offline machine" }
step "Step 1" { at = "nowhere",
  say "",
}
step "Step 2" { at = "nowhere",
  say "",
}
step "Step 3" { at = "nowhere",
  say "",
}
step "Step 4" { at = "nowhere",
  say "",
}
step "Step 5" { at = "nowhere",
  say "",
}
step "Step 6" { at = "nowhere",
  say "",
}
step "Step 7" { at = "nowhere",
  say "",
}
step "Step 8" { at = "nowhere",
  say "",
}
step "Step 9" { at = "nowhere",
  say "",
}
step "Step 10" { at = "nowhere",
  say "",
}
step "Step 11" { at = "nowhere",
  say "",
}
step "Step 12" { at = "nowhere",
  say "",
}
step "Step 13" { at = "nowhere",
  say "",
}
step "Step 14" { at = "nowhere",
  say "",
}
step "Step 15" { at = "nowhere",
  say "",
}
step "Step 16" { at = "nowhere",
  say "",
}
step "Step 17" { at = "nowhere",
  say "",
}
step "Step 18" { at = "nowhere",
  say "",
}
step "Step 19" { at = "nowhere",
  say "",
}

-- expect: 6: step "say!" would have the same page name (say) as the step on line 5
ceremony "Broken" { version = "1" }
people { operator = 1 }
stations { ca = "the machine that will run step-ca", root = "the offline machine" }
step "Say" { at = "ca", say "hello" }
step "say!" { at = "ca", say "again" }

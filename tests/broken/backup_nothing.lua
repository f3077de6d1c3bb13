-- expect: 5: backup wants the option "to"
ceremony "Broken" { version = "1" }
people { operator = 1 }
stations { root = "the offline machine" }
step "Keep" { at = "root", backup "root key" {} }

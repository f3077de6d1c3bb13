-- expect: 1: a script has steps: step "Title" { at = "ca", ... }
ceremony "Broken" { version = "1" }
people { operator = 1 }
stations { ca = "the machine that will run step-ca", root = "the offline machine" }

-- expect: 5: step "?!" needs a letter or digit in its title
ceremony "Broken" { version = "1" }
people { operator = 1 }
stations { ca = "the machine that will run step-ca", root = "the offline machine" }
step "?!" { at = "ca", say "hello" }

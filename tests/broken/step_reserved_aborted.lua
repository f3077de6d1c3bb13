-- expect: 5: step "Aborted" would have the same page name (aborted) as what every ceremony has of its own
ceremony "Broken" { version = "1" }
people { operator = 1 }
stations { ca = "the machine that will run step-ca", root = "the offline machine" }
step "Aborted" { at = "ca", say "hello" }

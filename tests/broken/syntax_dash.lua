-- expect: 5: — (U+2014) stands outside of quotes
ceremony "Broken" { version = "1" }
people { operator = 1 }
stations { ca = "the machine that will run step-ca", root = "the offline machine" }
— the first step
step "One" { at = "ca", say "a" }

-- expect: 5: '}' expected near ']'; is a comma missing before it?
ceremony "Broken" { version = "1" }
people { operator = 1 }
stations { ca = "the machine that will run step-ca", root = "the offline machine" }
step "One" { at = "ca", say "a" ]

-- expect: 5: the title of a step must not be empty
ceremony "Broken" { version = "1" }
people { operator = 1 }
stations { ca = "the machine that will run step-ca", root = "the offline machine" }
step "" { at = "ca", say "hello" }

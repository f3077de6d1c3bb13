-- expect: 5: the title of a step begins or ends with a space: " One"
ceremony "Broken" { version = "1" }
people { operator = 1 }
stations { ca = "the machine that will run step-ca", root = "the offline machine" }
step " One" { at = "ca", say "hello" }

-- expect: 5: unknown word "print"...
ceremony "Broken" { version = "1" }
people { operator = 1 }
stations { ca = "the machine that will run step-ca", root = "the offline machine" }
print "hello"
step "Say" { at = "ca", say "hello" }

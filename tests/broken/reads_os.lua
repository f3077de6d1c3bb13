-- expect: 5: unknown word "os"...
ceremony "Broken" { version = "1" }
people { operator = 1 }
stations { ca = "the machine that will run step-ca", root = "the offline machine" }
os.execute("true")
step "Say" { at = "ca", say "hello" }

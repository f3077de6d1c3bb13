-- expect: 5: unknown word "xyzzy"; there is adopt, attest, backup, ceremony, check, ...
ceremony "Broken" { version = "1" }
people { operator = 1 }
stations { ca = "the machine that will run step-ca", root = "the offline machine" }
xyzzy "nothing happens"
step "Say" { at = "ca", say "hello" }

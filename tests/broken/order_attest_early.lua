-- expect: 5: attest: stands in the last step, when everything was done
ceremony "Broken" { version = "1" }
people { operator = 1 }
stations { ca = "a machine" }
step "One" { at = "ca", attest "Was the script followed?" }
step "Two" { at = "ca", say "hello" }

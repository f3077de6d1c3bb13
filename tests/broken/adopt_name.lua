-- expect: 5: adopt: the text behind it must be "the authority"
ceremony "Broken" { version = "1" }
people { operator = 1 }
stations { ca = "the machine that runs step-ca" }
step "Take over" { at = "ca", adopt "the certificates" }

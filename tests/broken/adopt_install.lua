-- expect: 6: install: "intermediate certificate" was not signed in this ceremony
ceremony "Broken" { version = "1" }
people { operator = 1 }
stations { ca = "the machine that runs step-ca" }
step "Take over" { at = "ca", adopt "the authority" }
step "Install" { at = "ca", install "intermediate certificate" }

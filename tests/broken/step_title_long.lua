-- expect: 5: the title of a step must be at most 200 bytes long, not 220
ceremony "Broken" { version = "1" }
people { operator = 1 }
stations { ca = "the machine that will run step-ca", root = "the offline machine" }
step "long title long title long title long title long title long title long title long title long title long title long title long title long title long title long title long title long title long title long title long title " { at = "ca", say "hello" }

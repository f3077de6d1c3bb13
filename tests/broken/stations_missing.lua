-- expect: 1: a script names its stations: stations { ca = "the machine that will run step-ca" }
ceremony "Broken" { version = "1" }
people { operator = 1 }
step "Say" { at = "ca", say "hello" }

-- expect: 3: role "key custodian" must be a short name in lower-case letters
ceremony "Broken" { version = "1" }
people { ["key custodian"] = 1 }
stations { ca = "a machine" }
step "Say" { at = "ca", say "hello" }

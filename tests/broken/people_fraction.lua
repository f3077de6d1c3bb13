-- expect: 3: people: "operator" is a number with a fraction; a script says texts, whole numbers, true, false and tables of these
ceremony "Broken" { version = "1" }
people { operator = 1.5 }
stations { ca = "a machine" }
step "Say" { at = "ca", say "hello" }

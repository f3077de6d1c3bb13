-- expect: 3: people: "operator" is a function; a script says texts, whole numbers, true, false and tables of these
ceremony "Broken" { version = "1" }
people { operator = say }
stations { ca = "a machine" }
step "Say" { at = "ca", say "hello" }

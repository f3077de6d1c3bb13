-- expect: 5: a script describes and keeps no variables: "say" cannot be set
ceremony "Broken" { version = "1" }
people { operator = 1 }
stations { ca = "the machine that will run step-ca", root = "the offline machine" }
say = "hello"
step "Say" { at = "ca", say "hello" }

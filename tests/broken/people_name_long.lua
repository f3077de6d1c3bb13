-- expect: 3: role "operator" is longer than 100 bytes, and cannot stand on a page
ceremony "Broken" { version = "1" }
people { operator = "Ada Ada Ada Ada Ada Ada Ada Ada Ada Ada Ada Ada Ada Ada Ada Ada Ada Ada Ada Ada Ada Ada Ada Ada Ada Ada" }
stations { ca = "a machine" }
step "Say" { at = "ca", say "hello" }

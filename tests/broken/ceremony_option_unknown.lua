-- expect: 2: ceremony has no option "vesrion"; did you mean "version"?
ceremony "Broken" { version = "1", vesrion = "1" }
people { operator = 1 }
stations { ca = "a machine" }
step "Say" { at = "ca", say "hello" }

-- expect: 6: generate option "kind" "RSA-3071" is not known; did you mean "RSA-3072"?
ceremony "Broken" { version = "1" }
people { operator = 1 }
stations { ca = "the machine that will run step-ca", root = "the offline machine" }
step "One" { at = "ca",
  generate "key" { kind = "RSA-3071" },
}

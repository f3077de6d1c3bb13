-- expect: 7: generate has no option "kidn"; did you mean "kind"?
-- It is not missing too.
ceremony "Broken" { version = "1" }
people { operator = 1 }
stations { ca = "the machine that will run step-ca", root = "the offline machine" }
step "One" { at = "ca",
  generate "key" { kidn = "P-256" },
}

-- expect: 7: generate has no option "kidn"; did you mean "kind"?
-- expect: 7: generate wants the option "kind"
ceremony "Broken" { version = "1" }
people { operator = 1 }
stations { ca = "the machine that will run step-ca", root = "the offline machine" }
step "One" { at = "ca",
  generate "key" { kidn = "P-256" },
}

-- expect: 7: policy: needs a step of its own after that of "adopt" (line 6): what is changed is on record before that
ceremony "Broken" { version = "1" }
people { operator = 1 }
stations { ca = "the machine that runs step-ca" }
step "All at once" { at = "ca",
  adopt "the authority",
  policy { allow = { dns = { "*.example.com" } } },
}

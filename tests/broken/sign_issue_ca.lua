-- expect: 11: issue: good.tpl: makes a CA, and this word makes a server's certificate; a CA's is for sign
ceremony "Broken" { version = "1" }
people { operator = 1 }
stations { ca = "the machine that runs step-ca" }
step "Take over" { at = "ca", adopt "the authority" }
step "Issue" { at = "ca",
  receive_request "request" { from = "r.csr" },
}
step "Sign" { at = "ca",
  unlock "intermediate key" { from = "the authority" },
  issue "certificate" {
    request = "request", with = "intermediate key", under = "intermediate certificate", names = { "a.example.com" },
    template = "good.tpl", valid_for = "1 year",
  },
}

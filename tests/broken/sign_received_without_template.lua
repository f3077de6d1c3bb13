-- expect: 11: sign: wants the option "template": "request" came from the media and says none
ceremony "Broken" { version = "1" }
people { operator = 1 }
stations { root = "the offline machine" }
step "Bring in" { at = "root",
  receive_certificate "root certificate" { from = "root.crt" },
  receive_request "request" { from = "new-ca.csr" },
}
step "Sign" { at = "root",
  unlock "root key" { from = "root.key" },
  sign "certificate" {
    request = "request", with = "root key", under = "root certificate", valid_for = "3 years",
  },
}

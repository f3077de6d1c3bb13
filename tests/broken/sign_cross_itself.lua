-- expect: 8: cross_sign: "certificate" and "under" cannot be the same
ceremony "Broken" { version = "1" }
people { operator = 1 }
stations { root = "the offline machine" }
step "Bring in" { at = "root", receive_certificate "root certificate" { from = "root.crt" } }
step "Sign" { at = "root",
  unlock "root key" { from = "root.key" },
  cross_sign "cross-certificate" {
    certificate = "root certificate", with = "root key", under = "root certificate", template = "good.tpl",
    valid_for = "3 years",
  },
}

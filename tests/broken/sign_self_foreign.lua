-- expect: 7: self_sign: "root key" is not made in this ceremony at this station; a root signs itself once, with a key whose birth was witnessed
ceremony "Broken" { version = "1" }
people { operator = 1 }
stations { root = "the offline machine" }
step "Sign" { at = "root",
  unlock "root key" { from = "root.key" },
  self_sign "root certificate" {
    with = "root key", subject = "Example Root CA", template = "good.tpl", ends = "2046-12-31",
  },
}

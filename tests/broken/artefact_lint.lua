-- expect: 6: receive_certificate: "lint other" would have the same file name (lint-other) as the findings of lint
ceremony "Broken" { version = "1" }
people { administrator = 1, operator = 1, witnesses = 2 }
stations { root = "the offline machine" }
step "Receive" { at = "root",
  receive_certificate "lint other" { from = "other.crt" },
}

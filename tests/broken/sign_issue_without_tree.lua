-- expect: 8: issue: needs "initialize" or "adopt" before it at this station: there is no ca.json whose policy decides
ceremony "Broken" { version = "1" }
people { operator = 1 }
stations { root = "the offline machine" }
step "Bring in" { at = "root", receive_certificate "ca" { from = "ca.crt" }, receive_request "request" { from = "r.csr" } }
step "Issue" { at = "root",
  unlock "key" { from = "ca.key" },
  issue "certificate" { request = "request", with = "key", under = "ca", names = { "a.example.com" }, valid_for = "1 year" },
}

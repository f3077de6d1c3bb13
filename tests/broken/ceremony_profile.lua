-- expect: 2: ceremony option "profile" "public-tsl" is not known; did you mean "public-tls"?
ceremony "Broken" { version = "1", profile = "public-tsl" }
people { administrator = 1, operator = 1, witnesses = 2 }
stations { root = "the offline machine" }
step "Receive" { at = "root",
  receive_request "other request" { from = "other.csr" },
}

-- expect: 6: waive: "by" names the role "adminstrator", which people { ... } has not; did you mean "administrator"?
ceremony "Broken" { version = "1" }
people { administrator = 1, operator = 1, witnesses = 2 }
stations { root = "the offline machine" }
step "Receive" { at = "root",
  waive "serial_positive" { because = "it is old", by = "adminstrator" },
  receive_request "other request" { from = "other.csr" },
}

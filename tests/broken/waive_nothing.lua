-- expect: 7: waive: nothing behind it in this step is linted, so there is nothing to waive
ceremony "Broken" { version = "1" }
people { administrator = 1, operator = 1, witnesses = 2 }
stations { root = "the offline machine" }
step "Receive" { at = "root",
  receive_request "other request" { from = "other.csr" },
  waive "serial_positive" { because = "it is old", by = "administrator" },
}

-- expect: 7: waive: the rule is waived on line 6 of this step already
ceremony "Broken" { version = "1" }
people { administrator = 1, operator = 1, witnesses = 2 }
stations { root = "the offline machine" }
step "Receive" { at = "root",
  waive "serial_positive" { because = "it is old", by = "administrator" },
  waive "serial_positive" { because = "it is old", by = "administrator" },
  receive_request "other request" { from = "other.csr" },
}

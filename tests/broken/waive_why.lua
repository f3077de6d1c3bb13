-- expect: 6: waive wants the option "because"
ceremony "Broken" { version = "1" }
people { administrator = 1, operator = 1, witnesses = 2 }
stations { root = "the offline machine" }
step "Receive" { at = "root",
  waive "serial_positive" { by = "administrator" },
  receive_request "other request" { from = "other.csr" },
}

-- expect: 6: waive: the text behind it "serial_positiv" is no rule of lint; did you mean "serial_positive"?
ceremony "Broken" { version = "1" }
people { administrator = 1, operator = 1, witnesses = 2 }
stations { root = "the offline machine" }
step "Receive" { at = "root",
  waive "serial_positiv" { because = "it is old", by = "administrator" },
  receive_request "other request" { from = "other.csr" },
}

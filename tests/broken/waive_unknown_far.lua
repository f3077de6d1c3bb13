-- expect: 6: waive: the text behind it "nothing" is no rule of lint; `verger explain all` names them
ceremony "Broken" { version = "1" }
people { administrator = 1, operator = 1, witnesses = 2 }
stations { root = "the offline machine" }
step "Receive" { at = "root",
  waive "nothing" { because = "it is old", by = "administrator" },
  receive_request "other request" { from = "other.csr" },
}

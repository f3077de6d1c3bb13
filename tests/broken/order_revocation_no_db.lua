-- expect: 9: revocation: needs the database, and initialize was given no_db: step-ca does not start otherwise
ceremony "Broken" { version = "1" }
people { operator = 1 }
stations { ca = "the machine that will run step-ca", root = "the offline machine" }
step "Initialize" { at = "ca",
  initialize "Example" { dns = { "ca.example.com" }, address = ":443", no_db = true, provisioner = "admin@example.com" },
}
step "One" { at = "ca",
  revocation { url = "http://ca.example.com/crl" },
}

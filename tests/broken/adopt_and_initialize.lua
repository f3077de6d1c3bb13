-- expect: 10: adopt: "root certificate" was made already, on line 9; an artefact is made once
-- expect: 10: adopt: must come before "initialize": an authority is made, or is there already
ceremony "Broken" { version = "1" }
people { operator = 1 }
stations { ca = "the machine that will run step-ca" }
step "Initialize" { at = "ca",
  initialize "Example" { dns = { "ca.example.com" }, address = ":443", provisioner = "admin@example.com" },
}
step "Import" { at = "ca", import "root certificate" { from = "root.crt" } }
step "Take over" { at = "ca", adopt "the authority" }

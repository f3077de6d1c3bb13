-- expect: 7: initialize option "ssh" cannot be true: no SSH authority is made here. "step ca init --ssh" in an empty folder makes its keys and templates; put them into this tree afterwards, with the members "ssh" and "templates" of ca.json and the claim enableSSHCA, and let "verger check" judge it
ceremony "Broken" { version = "1" }
people { operator = 1 }
stations { ca = "the machine that will run step-ca", root = "the offline machine" }
step "Initialize" { at = "ca",
  initialize "Example" { dns = { "ca.example.com" }, address = ":443", provisioner = "admin@example.com",
    ssh = true },
}

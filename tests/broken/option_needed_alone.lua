-- expect: 5: unlock: "needed" says how many custodians give their parts; say by = "custodians" too
ceremony "Broken" { version = "1" }
people { custodians = 2 }
stations { root = "the offline machine" }
step "Unlock" { at = "root", unlock "root key" { from = "root.key", needed = 2 } }

-- expect: 5: backup (certificate): nothing called "root certificate" was made before this; there is root key
ceremony "Broken" { version = "1" }
people { operator = 1 }
stations { root = "the offline machine" }
step "Keep" { at = "root", unlock "root key" { from = "root.key" }, backup "root key" { to = { "A" }, certificate = "root certificate" } }

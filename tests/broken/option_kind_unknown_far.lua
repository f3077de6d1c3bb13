-- expect: 6: generate option "kind" "Ed25519" is not known; there is P-256, P-384, P-521, RSA-2048, RSA-3072, RSA-4096
ceremony "Broken" { version = "1" }
people { operator = 1 }
stations { ca = "the machine that will run step-ca", root = "the offline machine" }
step "One" { at = "ca",
  generate "key" { kind = "Ed25519" },
}

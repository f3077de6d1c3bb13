-- A server's certificate, issued by hand where step-ca does not run yet: for a RADIUS server (FreeRADIUS with EAP-TLS).
-- Copy this file, put your own names in, and rehearse. Ask for it with a request such as
--
--   openssl req -new -newkey rsa:3072 -keyout radius.key -out radius.csr -subj /CN=radius.local.example.com \
--       -addext subjectAltName=DNS:radius.local.example.com
--
-- The authority's tree lies in --authority, as intermediate-ca.lua left it; radius.csr lies on the media. The names of
-- the request must be those below, and the policy of ca.json must allow them. What the server gets lies in publish/
-- afterwards: radius-certificate-chain.pem (certificate_file of FreeRADIUS), and certs/root_ca.crt (ca_file).
-- --previous names the record of the ceremony before in which the intermediate's key signed, if there was one.

ceremony "A certificate for the RADIUS server" { version = "1.0" }

people { administrator = 1, operator = 1, witnesses = 1 }

stations { ca = "the machine that will run step-ca" }

step "Take over the authority" { at = "ca",
  adopt   "the authority",
  compare "root certificate" { with = "the card from the safe" },
}

step "Bring in the request" { at = "ca",
  receive_request "radius request" { from = "radius.csr" },
  compare         "radius request" { with = "the note of who runs the server" },
}

step "Issue the certificate" { at = "ca",
  unlock "intermediate key" { from = "the authority" },
  issue  "radius certificate" {
    request = "radius request", with = "intermediate key", under = "intermediate certificate",
    names = { "radius.local.example.com" }, valid_for = "395 days",
  },
}

step "Close" { at = "ca", attest "Was the script followed?" }

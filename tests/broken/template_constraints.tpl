{
	"subject": {{ toJson .Subject }},
	"keyUsage": ["certSign", "crlSign"],
	"basicConstraints": { "isCA": true, "maxPathLen": 0 },
	"nameConstraints": { "critical": true, "permittedDNSDomains": ["example.com"] },
	"crlDistributionPoints": ["http://pki.example.com/root.crl"]
}

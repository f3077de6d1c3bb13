{
	"subject": {{ toJson .Subject }},
	"keyUsage": ["certSign", "crlSign"],
	"KeyUsage": ["certSign"],
	"basicConstraints": { "isCA": true, "maxPathLen": 0 },
	"crlDistributionPoints": ["http://pki.example.com/root.crl"]
}

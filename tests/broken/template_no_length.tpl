{
	"subject": {{ toJson .Subject }},
	"keyUsage": ["certSign", "crlSign"],
	"basicConstraints": { "isCA": true },
	"crlDistributionPoints": ["http://pki.example.com/root.crl"]
}

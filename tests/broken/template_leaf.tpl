{
	"subject": {{ toJson .Subject }},
	"keyUsage": ["certSign", "crlSign"],
	"basicConstraints": { "isCA": false },
	"crlDistributionPoints": ["http://pki.example.com/root.crl"]
}

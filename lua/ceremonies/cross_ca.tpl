{
	"subject": {{ toJson .Subject }},
	"keyUsage": ["certSign", "crlSign"],
	"extKeyUsage": ["serverAuth"],
	"basicConstraints": {
		"isCA": true,
		"maxPathLen": 0
	},
	"crlDistributionPoints": ["http://pki.example.com/root.crl"]
}

{
	"subject": {{ toJson .Subject }},
	"keyUsage": ["certSign", "crlSign"],
	"serialNumber": "1",
	"basicConstraints": { "isCA": true, "maxPathLen": 0 },
	"crlDistributionPoints": ["http://pki.example.com/root.crl"]
}

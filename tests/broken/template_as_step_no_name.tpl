{
	"subject": null,
	"keyUsage": ["certSign", "crlSign"],
	"basicConstraints": { "isCA": true, "maxPathLen": 0 },
	"crlDistributionPoints": ["http://pki.example.com/root.crl"]
}

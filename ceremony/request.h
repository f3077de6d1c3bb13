/* request.h - certificate signing requests (PKCS#10, RFC 2986). */
#ifndef VERGER_REQUEST_H
#define VERGER_REQUEST_H

#include "key.h"
#include "profile.h"

/* Make a request as `step certificate create --csr` does: version 0, subject and extensions of the profile,
 * signed with the key's default digest; checked (signature) before it is returned. PEM. */
MUST_CHECK bool request_create(struct bytes *pem, const struct key *key, const struct profile *profile,
                               struct err *err);

/* The same but for the signature, for a public key. */
MUST_CHECK bool request_prepare(X509_REQ **out, EVP_PKEY *subject_key, const struct profile *profile,
                                struct err *err);

/* Read exactly one PEM or DER request; trailing data and private keys in the file are errors. The
 * self-signature (proof of possession) must verify and the key must be strong. */
MUST_CHECK bool request_parse(X509_REQ **out, const struct bytes *text, const char *what, struct err *err);

/* What a template sees as .Insecure.CR and .Subject: {"Subject": {...step's subject members...},
 * "RawSubject" (base64 of the DER), "PublicKeyKind": "RSA-3072", "DNSNames": [...], "EmailAddresses": [...],
 * "IPAddresses": [...], "URIs": [...], "Extensions": [{"id","critical","value"(base64)}], "Version",
 * "Signature" (base64), "SignatureAlgorithm"}. */
MUST_CHECK bool request_to_json(json_t **out, const X509_REQ *request, struct err *err);

/* The public key that the request is for. Borrowed. */
EVP_PKEY *request_key(const X509_REQ *request);

/* SHA-256 of the request's SubjectPublicKeyInfo. */
MUST_CHECK bool request_spki_digest(char hex[DIGEST_HEX], const X509_REQ *request, struct err *err);

#endif

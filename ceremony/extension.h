/* extension.h - the extensions that a profile asks for (RFC 5280 4.2), in step's order. */
#ifndef VERGER_EXTENSION_H
#define VERGER_EXTENSION_H

#include "profile.h"

/* The subject key identifier of a public key: SHA-1 of the BIT STRING's content (RFC 5280 4.2.1.2 method 1).
 * The caller frees. */
MUST_CHECK bool extension_key_id(ASN1_OCTET_STRING **out, const X509_PUBKEY *key, struct err *err);

/* An authority key identifier that names the issuer's key only (RFC 5280 4.2.1.1); NULL when the issuer has
 * no SKI. The caller frees. */
MUST_CHECK bool extension_authority(AUTHORITY_KEYID **out, const X509 *issuer, struct err *err);

#endif

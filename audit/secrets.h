/* secrets.h - what must not lie in a record, in whatever file format (promise 1). */
#ifndef VERGER_SECRETS_H
#define VERGER_SECRETS_H

#include "../ceremony/bytes.h"

/* A label of PEM is looked for in so many bytes behind its BEGIN when text goes by in pieces. */
#define SECRET_LABEL_MAX 256

/* No private key or password in a form that programs write: PEM of any label with PRIVATE KEY in it (PKCS#1,
 * PKCS#8, SEC 1, OpenSSH, PGP), PuTTY's, DER; in JSON a JWK with a private part (RFC 7517), a JWE (RFC 7516)
 * other than a provisioner's "encryptedKey" in the configuration of a CA; a JWE alone. */
MUST_CHECK bool bytes_hold_no_secret(const struct bytes *content, const char *name, struct err *err);

#endif

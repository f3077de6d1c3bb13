/* jose.h - the JWK provisioner of step-ca: its key (RFC 7517), kid (RFC 7638) and encrypted private half
 * (JWE, RFC 7516 and 7518), exactly as step writes and reads them (facts: step-ca section 2). */
#ifndef VERGER_JOSE_H
#define VERGER_JOSE_H

#include "base64.h"
#include "key.h"

#include <jansson.h>

/* Public JWK of a P-256 key, members in step's order: use kty kid crv alg x y. */
MUST_CHECK bool jwk_public(json_t **out, const struct key *key, struct err *err);

/* RFC 7638 SHA-256 thumbprint, base64url without padding, of a public or private EC or RSA JWK. */
MUST_CHECK bool jwk_thumbprint(char **out, const json_t *jwk, struct err *err);

/* The whole private JWK (compact, order use kty kid crv alg x y d) as a compact JWE: PBES2-HS256+A128KW with
 * p2c 600000 and a 16-byte p2s, A256GCM, cty jwk+json; protected header exactly as step writes it. The
 * private text never leaves the secure heap. Caller frees. */
MUST_CHECK bool jwe_seal(char **out, const struct key *key, const struct secret *password, struct err *err);

/* Open a compact JWE of that form (any p2c up to 1,000,000, as go-jose) to the private JWK's text. */
MUST_CHECK bool jwe_open(struct secret **out, const char *jwe, const struct secret *password,
                         bool *wrong_password, struct err *err);

#endif

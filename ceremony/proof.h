/* proof.h - that a private key is there: a text, signed with it, verifies under a public key that somebody
 * else has.
 *
 * What is signed is one line of text that says what it is for, with a nonce in it. It can be no certificate
 * and no list: those begin with the byte 0x30 (a SEQUENCE, X.690 8.9), and the text must not.
 */
#ifndef VERGER_PROOF_H
#define VERGER_PROOF_H

#include "key.h"

#define PROOF_MAX 1024 /* bytes of a text */

/* Sign a text with the key's default digest (key_digest): PKCS#1 v1.5, DER of ECDSA, or Ed25519. Errors: a
 * text that is empty, longer than PROOF_MAX, or begins with '0'. */
MUST_CHECK bool proof_sign(struct bytes *signature, const struct key *key, const char *text, struct err *err);

/* Whether the signature is over that text by the key of `public_pem` ("PUBLIC KEY", RFC 7468 13), whose
 * SubjectPublicKeyInfo has the SHA-256 `spki`. */
MUST_CHECK bool proof_check(const char *public_pem, const char spki[DIGEST_HEX], const char *text,
                            const struct bytes *signature, struct err *err);

/* The public half as that PEM. */
MUST_CHECK bool proof_public(struct bytes *pem, const struct key *key, struct err *err);

#endif

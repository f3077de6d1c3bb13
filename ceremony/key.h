/* key.h - private keys behind an opaque handle, and the public half as its SubjectPublicKeyInfo.
 *
 * Nothing above ceremony/ ever sees private bytes: a PKCS#11 token can take the place of the software key
 * without touching a caller. Encodings: facts of step-ca, "Key encodings".
 */
#ifndef VERGER_KEY_H
#define VERGER_KEY_H

#include "digest.h"
#include "secret.h"

#include <openssl/evp.h>

struct key; /* owned by whoever made it */
void key_free(struct key *key);
static inline void own_key(struct key **k)
{
    key_free(*k);
}
#define OWN_KEY __attribute__((cleanup(own_key))) struct key

#define KEY_ITERATIONS 600000 /* PBKDF2 of the keys that we write; step uses the same */

/* The kinds that can be made: RSA-2048 RSA-3072 RSA-4096 P-256 P-384 P-521. */
bool key_kind_is_known(const char *kind);
extern const char *const key_kinds[]; /* ends with NULL */

/* Make a key (FIPS 186-5; RSA with e = 65537). */
MUST_CHECK bool key_generate(struct key **out, const char *kind, struct err *err);

/* Read a PEM private key, in every encoding that step-ca's loader accepts, and refuse every other one for
 * the reason for which step-ca would fail (golden/keyformats/EXPECTED.txt), even where OpenSSL could read
 * it. OpenSSH's own files are read, too; of what step-ca takes only single DES is refused. Plain keys are
 * RSA, EC on NIST's curves, or Ed25519. `password` may be NULL: an encrypted key is then an error. `what`
 * names the file in messages. A wrong password sets *wrong_password (when not NULL) so that the caller can
 * ask again. */
MUST_CHECK bool key_parse(struct key **out, const struct bytes *pem, const struct secret *password,
                          bool *wrong_password, const char *what, struct err *err);
/* Whether the PEM is encrypted; false also when it is no key at all. */
bool key_is_encrypted(const struct bytes *pem);

/* Encrypted PKCS#8 PEM: PBES2, PBKDF2 HMAC-SHA256 with KEY_ITERATIONS and a 16-byte salt, no keyLength,
 * AES-256-CBC (RFC 8018), as step-ca accepts it. */
MUST_CHECK bool key_write(struct bytes *pem, const struct key *key, const struct secret *password,
                          struct err *err);

/* "RSA-3072", "P-256", "Ed25519", ... : a name for people and pages. Never NULL. Static or owned by key. */
const char *key_kind(const struct key *key);

/* SubjectPublicKeyInfo as DER (RFC 5280 4.1.2.7), and its SHA-256 as hex. */
MUST_CHECK bool key_spki(struct bytes *der, const struct key *key, struct err *err);
MUST_CHECK bool key_spki_digest(char hex[DIGEST_HEX], const struct key *key, struct err *err);

/* Name and SPKI digest of any OpenSSL public key. `kind` gets at most 32 characters. */
void pkey_kind(char kind[32], const EVP_PKEY *pkey);
MUST_CHECK bool pkey_spki_digest(char hex[DIGEST_HEX], const EVP_PKEY *pkey, struct err *err);

/* Too weak to trust in a CA certificate or request: RSA under 2048 bits or e < 65537 or even, EC not on a
 * NIST curve of 256 bits and more, anything else but Ed25519. (BR 6.1.5, 6.1.6) False with the reason. */
MUST_CHECK bool pkey_is_strong(const EVP_PKEY *pkey, struct err *err);

/* The digest that step signs with by default for this key (NULL for Ed25519):
 * RSA and P-256 SHA-256, P-384 SHA-384, P-521 SHA-512. */
const EVP_MD *key_digest(const struct key *key);

/* The same for any public key. */
const EVP_MD *pkey_digest(const EVP_PKEY *pkey);

/* For the signers in ceremony/ and audit/ only: to sign with it (EVP_DigestSign and what takes a key to
 * sign), and to ask for its public half. That is what a token's key can do, too; its private number is asked
 * for by key_write and jwe_seal alone, for keys that were generated here. Borrowed. */
EVP_PKEY *key_evp(const struct key *key);

#endif

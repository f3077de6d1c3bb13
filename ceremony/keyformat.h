/* keyformat.h - the outside of a private key file: one PEM block, perhaps encrypted, as step-ca's loader
 * takes it (facts: step-ca section 3). What is inside is key.h's business. */
#ifndef VERGER_KEYFORMAT_H
#define VERGER_KEYFORMAT_H

#include "secret.h"

#include <openssl/evp.h>
#include <openssl/x509.h>

/* Whether the first block is encrypted. */
bool keyformat_is_encrypted(const struct bytes *pem);

/* The decrypted DER of the one block. `label` becomes "RSA PRIVATE KEY", "EC PRIVATE KEY" or "PRIVATE KEY"
 * (the last also for what was "ENCRYPTED PRIVATE KEY"). An "OPENSSH PRIVATE KEY" is given as it is, for
 * opensshkey.h. Errors and `wrong_password` as key_parse. */
MUST_CHECK bool keyformat_open(struct secret **der, char label[64], const struct bytes *pem,
                               const struct secret *password, bool *wrong_password, const char *what,
                               struct err *err);

/* The scheme of an "ENCRYPTED PRIVATE KEY" (RFC 8018 PBES2), checked against what step-ca can do. */
struct pbes2 {
    EVP_CIPHER *cipher; /* owned */
    const EVP_MD *prf;
    long iterations;
    unsigned char salt[256], iv[16];
    size_t salt_len;
};
void pbes2_free(struct pbes2 *scheme);
MUST_CHECK bool pbes2_read(struct pbes2 *out, const X509_ALGOR *algorithm, const char *what, struct err *err);

#endif

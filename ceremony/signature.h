/* signature.h - signature algorithms under step's names (facts: step-ca section 5), for all that we sign. */
#ifndef VERGER_SIGNATURE_H
#define VERGER_SIGNATURE_H

#include "key.h"

#include <openssl/x509.h>

/* An algorithm that may be asked for by name. MD5, SHA-1 and DSA are known and never used. */
struct signature {
    const char *name; /* "SHA384-RSA" */
    int key;          /* EVP_PKEY_RSA, EVP_PKEY_EC, EVP_PKEY_ED25519, EVP_PKEY_DSA */
    int digest;       /* NID; NID_undef for Ed25519 */
    bool pss;         /* RSASSA-PSS, salt as long as the digest */
    bool weak;
};

/* By step's name, letter case ignored; NULL when step does not know it. Static. */
const struct signature *signature_find(const char *name);

/* What step would call the algorithm of something signed, or OpenSSL's long name. Static. */
const char *signature_name(const X509_ALGOR *algorithm);

/* The digest to sign with: of `wanted`, or (NULL) step's default for the key. Errors: the algorithm does not
 * fit the key, or is weak. NULL for Ed25519. */
MUST_CHECK bool signature_digest(const EVP_MD **out, const struct signature *wanted, const EVP_PKEY *signer,
                                 struct err *err);

/* A context ready for signing as `wanted` (NULL: the default). The caller frees. With only a public key it
 * serves signature_algorithm. */
MUST_CHECK bool signature_start(EVP_MD_CTX **out, const struct signature *wanted, EVP_PKEY *signer,
                                struct err *err);

/* The AlgorithmIdentifier that a signature made in this context will have. The caller frees. */
MUST_CHECK bool signature_algorithm(X509_ALGOR **out, EVP_MD_CTX *context, struct err *err);

/* A context ready for checking a signature that says it was made so. The caller frees. Errors: an algorithm
 * that the key does not fit, or that is not known. */
MUST_CHECK bool signature_verify_start(EVP_MD_CTX **out, const X509_ALGOR *algorithm, EVP_PKEY *signer,
                                       struct err *err);

/* Whether a found signature is made with a digest to rely on: SHA-2, SHA-3 or Ed25519. `what` begins the
 * message. */
MUST_CHECK bool signature_is_strong(const X509_ALGOR *algorithm, const char *what, struct err *err);

#endif

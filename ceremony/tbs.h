/* tbs.h - the to-be-signed part of a certificate: made whole before any key signs, so that its digest can be
 * read aloud and journaled first. */
#ifndef VERGER_TBS_H
#define VERGER_TBS_H

#include "certificate.h"

struct tbs {
    const struct profile *profile;
    EVP_PKEY *subject_key;
    const X509 *issuer;   /* NULL: self-signed */
    const X509 *original; /* whose subject and subject key identifier it has, to the byte; or NULL */
    EVP_PKEY *signer;     /* the public half is enough for making, not for signing */
    const char *serial;   /* as in struct draft */
    time_t not_before, not_after;
};

/* What a draft's certificate is made from; `signer` is the public key that will verify it. */
struct tbs tbs_of_draft(const struct draft *draft);

/* The certificate without a signature. The same input makes the same bytes. */
MUST_CHECK bool tbs_make(X509 **out, const struct tbs *tbs, struct err *err);

/* SHA-256 of the to-be-signed part, encoded from its fields. */
MUST_CHECK bool tbs_digest(char hex[DIGEST_HEX], const X509 *cert, struct err *err);

/* Sign; then what was signed is parsed back, verified, and its to-be-signed part compared with `digest`. */
MUST_CHECK bool tbs_sign(struct bytes *pem, X509 *cert, const struct tbs *tbs, const char digest[DIGEST_HEX],
                         struct err *err);

#endif

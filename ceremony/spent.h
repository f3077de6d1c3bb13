/* spent.h - a key that is thrown away, in the place of an issuer's. What is judged before the issuer's own
 * key is used was signed with it, so that it can be judged as a whole.
 */
#ifndef VERGER_SPENT_H
#define VERGER_SPENT_H

#include "err.h"
#include "own.h"

#include "signature.h"

struct spent {
    EVP_PKEY *key;
    X509 *issuer; /* the issuer's certificate, but with this key; self-signed where the issuer's is */
};
void spent_free(struct spent *s);

/* Of the issuer's kind, so that algorithms come out the same: of RSA 2048 bits, whatever the issuer's has. */
MUST_CHECK bool spent_make(struct spent *out, const X509 *issuer, struct err *err);

/* What is prepared and not signed yet, as `spent`, made here, signs it; nothing of the to-be-signed part is
 * another. `issuer` NULL: it signs itself, and the key is of the kind of its own. `wanted` NULL: the key's
 * default algorithm. */
MUST_CHECK bool spent_certificate(X509 **out, struct spent *spent, const X509 *prepared, const X509 *issuer,
                                  const struct signature *wanted, struct err *err);

/* The same of a list that any key of the issuer's kind signed. */
MUST_CHECK bool spent_list(struct spent *spent, X509_CRL *list, const X509 *issuer,
                           const struct signature *wanted, struct err *err);

#endif

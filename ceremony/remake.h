/* remake.h - an artefact made once more from what went into it, and held against the one that was made. */
#ifndef VERGER_REMAKE_H
#define VERGER_REMAKE_H

#include "certificate.h"
#include "crl.h"

enum remade {
    REMADE_IDENTICAL, /* to the last byte */
    REMADE_RESIGNED,  /* the same to-be-signed part under another signature: ECDSA and PSS are random */
    REMADE_UNSIGNED,  /* the same to-be-signed part; without the key there is nothing to sign it with */
    REMADE_DIFFERENT,
};
extern const char *const remade_names[]; /* "identical", "resigned", "unsigned", "different" */

struct remake {
    enum remade verdict;
    json_t *
        differences; /* json_difference, from the recorded to the new one, by field; empty unless different */
};
void remake_free(struct remake *r);

/* `draft->key` and the list's may be NULL. A key that is there must be the issuer's, and with it a signature
 * that is not random (RSA PKCS#1 v1.5, Ed25519) must be the same. An error is what cannot be made at all. */
MUST_CHECK bool remake_certificate(struct remake *out, const struct draft *draft,
                                   const struct bytes *recorded, struct err *err);
MUST_CHECK bool remake_crl(struct remake *out, const struct crl_draft *draft, const struct bytes *recorded,
                           struct err *err);

/* Of a request nobody has the key: its to-be-signed part alone, for the public key that it has. */
MUST_CHECK bool remake_request(struct remake *out, const struct profile *profile,
                               const struct bytes *recorded, struct err *err);

#endif

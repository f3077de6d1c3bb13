/* signer.h - an enrolled certificate: who may seal, for which station.
 *
 * Self-signed, P-256, subject O=REHEARSAL (rehearsals only), OU="station <station>" or OU="witness",
 * CN=<name>, in this order and nothing else; basicConstraints CA:FALSE, keyUsage digitalSignature, EKU
 * emailProtection (what `openssl cms -verify` asks of an S/MIME signer), SKI.
 */
#ifndef VERGER_SIGNER_H
#define VERGER_SIGNER_H

#include "../ceremony/certificate.h"

#define SEAL_YEARS 10 /* life of an enrolled certificate; openssl checks it at today's date */

/* What an enrolled certificate says of itself. */
struct signer {
    char name[128];   /* CN: UTF-8, no control characters, no '<' or '>' (it stands in commits) */
    char station[33]; /* "" for a witness */
    bool rehearsal;   /* O=REHEARSAL */
    char sha256[DIGEST_HEX];
};

/* Refused: a key that is not P-256, missing usages, a subject or OU of another form, a station name that is
 * not [a-z0-9-]{1,32}, a wrong self-signature. `what` names the file. (More than one certificate in a file is
 * certificate_parse's to refuse.) */
MUST_CHECK bool signer_read(struct signer *out, const X509 *cert, const char *what, struct err *err);

/* Make the certificate of a new sealing key; `station` NULL is a witness. Valid from `now` for SEAL_YEARS.
 * Refuses a name that is empty, over 64 characters (RFC 5280 ub-common-name), not UTF-8, or has control
 * characters or '<' or '>'; and a station name of another form. */
MUST_CHECK bool signer_make(X509 **out, const struct key *key, const char *name, const char *station,
                            bool rehearsal, time_t now, struct err *err);

/* [a-z0-9-]{1,32} */
bool station_is_legal(const char *station);

#endif

/* timestamp.h - RFC 3161: somebody else's word that a page existed before a time.
 *
 * The imprint is the SHA-256 of the page's .tar, which for the newest page is the record's head, so that
 * strangers check it with: openssl ts -verify -in times/X.tar.tsr -data X.tar -CAfile TSA-CA. The whole
 * response lies in the record as times/X.tar.tsr, DER.
 */
#ifndef VERGER_TIMESTAMP_H
#define VERGER_TIMESTAMP_H

#include "../ceremony/digest.h"

#include <time.h>

#define TIMESTAMP_FOLDER "times"
#define TIMESTAMP_END ".tsr"

/* A request over this hash: SHA-256, a random nonce of 64 bits, the certificate asked for. DER. */
MUST_CHECK bool timestamp_query(struct bytes *der, const char sha256[DIGEST_HEX], struct err *err);

struct timestamp {
    time_t time;         /* genTime, in whole seconds */
    char authority[512]; /* subject of the certificate that signed it (RFC 2253); "" while none is in it */
};

/* Read a response. On failure `*broken` says which rule: not granted or not DER to the last byte; about
 * something else than this hash; not signed by the certificate that is in it. Whose certificate that is,
 * timestamp_trust asks. */
enum timestamp_rule { TIMESTAMP_FORM, TIMESTAMP_IMPRINT, TIMESTAMP_SIGNATURE };
MUST_CHECK bool timestamp_read(struct timestamp *out, enum timestamp_rule *broken, const struct bytes *der,
                               const char sha256[DIGEST_HEX], const char *what, struct err *err);

/* Whether it answers this request: its nonce is that one's. */
MUST_CHECK bool timestamp_answers(const struct bytes *der, const struct bytes *query, const char *what,
                                  struct err *err);

/* Whether the signer is a timestamping authority under these certificates (a file, PEM), as of the token's
 * own time. Revocation is not looked at. */
MUST_CHECK bool timestamp_trust(const struct bytes *der, const char sha256[DIGEST_HEX], const char *ca_file,
                                const char *what, struct err *err);

#endif

/* preview.h - the certificate that a profile would make of a request: shown, never signed. */
#ifndef VERGER_PREVIEW_H
#define VERGER_PREVIEW_H

#include "profile.h"

/* A certificate without serial number, dates and signature. `issuer` NULL: not known; issuer's name and
 * authority key identifier are then absent, and the signature's algorithm is the profile's or none. */
MUST_CHECK bool preview_make(X509 **out, const struct profile *profile, const X509_REQ *request,
                             const X509 *issuer, struct err *err);

/* {"subject", "issuer" (or null), "key", "signature" (or null), "extensions": [{"id", "name", "critical",
 * "text"}]}, extensions in the certificate's order. Caller decrefs. */
json_t *preview_json(const X509 *cert);

/* {"id", "name", "critical", "text"} of one extension. Caller decrefs. */
json_t *extension_json(X509_EXTENSION *extension);

/* Appended: the same for people. */
void preview_text(struct bytes *out, const X509 *cert);

#endif

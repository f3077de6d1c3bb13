/* cross.h - a cross-certificate: a CA's subject and key once more, signed by another issuer (BR 7.1.2.2). */
#ifndef VERGER_CROSS_H
#define VERGER_CROSS_H

#include "certificate.h"

/* Whether it stands for the same CA and lets it do no more than its original does: subject and subject key
 * identifier the same bytes, the same key; key usages, extended key usages and path length within the
 * original's; every name that the original's name constraints forbid is forbidden too. It need not be signed.
 * The error is the first rule that is broken. */
MUST_CHECK bool cross_check(const X509 *cross, const X509 *original, const char *what, struct err *err);

/* What differs from the original (json_difference, from the original's to its own): of issuer, serial, dates,
 * signature algorithm, and the extensions by their names. Caller decrefs. */
MUST_CHECK bool cross_difference(json_t **out, const X509 *cross, const X509 *original, struct err *err);

#endif

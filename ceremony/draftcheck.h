/* draftcheck.h - is what will be signed fit to be signed? Asked before the real key is used. */
#ifndef VERGER_DRAFTCHECK_H
#define VERGER_DRAFTCHECK_H

#include "certificate.h"

/* Judge a prepared certificate as certificate_check_intermediate (of a root certificate_check_root, of a
 * server certificate_check_server) would judge it signed: it is signed here with a throw-away key, under a
 * copy of the issuer that has this key, so that OpenSSL's own path validation sees it too. And its subject
 * must be the one that the request asks for; of a cross-certificate cross_check is asked. `spent`
 * (certificate_prepare) is of no further use: prepare anew for the real signature; the to-be-signed part
 * comes out the same. */
MUST_CHECK bool certificate_check_draft(X509 *spent, const struct draft *draft, const char *what,
                                        struct err *err);

#endif

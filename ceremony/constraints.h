/* constraints.h - name constraints (RFC 5280 4.2.1.10) against names, judged by OpenSSL. */
#ifndef VERGER_CONSTRAINTS_H
#define VERGER_CONSTRAINTS_H

#include "json.h"
#include "ssl.h"

/* Whether a certificate for this DNS name or IP address may stand below; `name` is one (host_fault). */
bool constraints_permit(NAME_CONSTRAINTS *constraints, const char *name);

/* The member "nameConstraints" of step's certificate JSON. */
MUST_CHECK bool constraints_read(NAME_CONSTRAINTS **out, const json_t *member, struct err *err);

/* All of a certificate authority's own `names` (up to NULL) are permitted: step-ca gives itself a certificate
 * for them, and does not start where it must not. The error names the first that is not, and the remedy. */
MUST_CHECK bool constraints_permit_own(const json_t *member, const char *const *names, struct err *err);

/* The certificate has these constraints, critical, and no others; `member` as above, `what` names it. */
MUST_CHECK bool constraints_match(const X509 *cert, const json_t *member, const char *what, struct err *err);

#endif

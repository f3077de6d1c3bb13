/* naming.h - the names that a certificate gives its subject, as a policy is asked about them. */
#ifndef VERGER_NAMING_H
#define VERGER_NAMING_H

#include "certificate.h"

/* [{"type": "dns", "ip", "email" or "uri", "name"}] of the subject alternative names, and the common names
 * last, as "cn". The certificate need not be signed. A name of another kind is an error: no policy can judge
 * it. Caller decrefs. */
MUST_CHECK bool naming_json(json_t **out, const X509 *cert, struct err *err);

/* The first of these names (naming_json) that the policy of a ca.json does not let step-ca give out, with the
 * rule that decided: appended to `refused`, which stays empty when all are allowed. `what` names the file. An
 * error is a ca.json that cannot be read, or a policy with which step-ca does not start. */
MUST_CHECK bool naming_ask(struct bytes *refused, const struct bytes *config, const json_t *names,
                           const char *what, struct err *err);

#endif

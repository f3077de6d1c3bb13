/* policy.h - entries of step-ca's authority policy (facts: step-ca section 8). */
#ifndef VERGER_POLICY_H
#define VERGER_POLICY_H

#include "bytes.h"

#include <jansson.h>

/* Whether step-ca starts with this entry; `type` is cn, dns, ip, email or uri. The error is step-ca's rule in
 * words, with the remedy. DNS entries go through IDNA (UTS #46 lookup, libidn2).
 * Refused too is what step-ca takes but nothing can match: a label of more than 63 characters, "user@". */
MUST_CHECK bool policy_entry_check(const char *type, const char *entry, struct err *err);

/* A whole "policy" object as it stands in ca.json ({"x509": {"allow": {...}, "deny": {...},
 * "allowWildcardNames": bool}, "ssh": ...}): known members, arrays of strings, every entry legal. */
MUST_CHECK bool policy_check(const json_t *policy, struct err *err);

#endif

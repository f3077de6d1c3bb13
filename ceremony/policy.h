/* policy.h - entries of step-ca's authority policy (facts: step-ca section 8). */
#ifndef VERGER_POLICY_H
#define VERGER_POLICY_H

#include "bytes.h"

#include <jansson.h>

/* Whether an entry is good; `type` is cn, dns, ip, email or uri. The error is step-ca's rule in words, with
 * the remedy. Refused is what step-ca does not start with, and what it takes but can never compare as its
 * author thinks: a label of more than 63 characters, "user@", a local part that only quotes make legal. */
MUST_CHECK bool policy_entry_check(const char *type, const char *entry, struct err *err);

/* Whether step-ca starts with it, be it of use or not. */
bool policy_entry_loads(const char *type, const char *entry);

/* A whole "policy" object as it stands in ca.json ({"x509": {"allow": {...}, "deny": {...},
 * "allowWildcardNames": bool}, "ssh": ...}): known members, arrays of strings, every entry legal. */
MUST_CHECK bool policy_check(const json_t *policy, struct err *err);

/* The members of "nameConstraints" in step's certificate JSON that bind a certificate to the policy's x509
 * part: critical, permittedDNSDomains, excludedIPRanges, ... Name constraints know whole subtrees only, so
 * that
 * "*.example.com" and "example.com" both permit example.com and everything below it: what is wider than the
 * policy, the CA still enforces by itself. What is not allowed at all is excluded: DNS names by "", addresses
 * by 0.0.0.0/0 and ::/0; e-mail addresses and URIs, for which some verifiers know no such thing, by
 * permitting the host "invalid" (RFC 6761 6.4) alone. The common name has no constraint: allow.cn is left to
 * the CA. An error is what would forbid a name that the policy allows ("deny.dns *.x" beside "allow.dns x"),
 * and what no constraint can say (deny.cn). Whether the CA's own dnsNames are permitted is the caller's to
 * ask: step-ca does not start when they are not. */
MUST_CHECK bool policy_name_constraints(json_t **out, const json_t *policy, struct err *err);

#endif

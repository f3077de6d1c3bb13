/* policyreport.h - what is to be said about a policy, by chapter. policy_report (config.h) asks them all. */
#ifndef VERGER_POLICYREPORT_H
#define VERGER_POLICYREPORT_H

#include "config.h"
#include "policy_engine.h"

#include <openssl/x509.h>

#define POLICY_PATH "authority.policy"
#define POLICY_PLACE CONFIG_PLACE POLICY_PATH

struct policy_view {
    struct findings *out;
    const json_t *config;
    const json_t *policy;
    const struct policy_engine *engine; /* of the x509 part, compiled */
};

/* Where an entry stands: "config/ca.json: authority.policy.x509.allow.dns.0". The caller frees. */
char *policy_view_place(const struct policy_rule *rule);

/* Where the engine lets through what its reader would think is refused. */
void policy_openings_check(const struct policy_view *view);

/* Entries that others make useless. */
void policy_overlaps_check(const struct policy_view *view);

/* Names that people will ask for and not get: the CA's own, an administrator's, a person's. */
void policy_reach_check(const struct policy_view *view);

/* The ssh part: kinds of names that its certificates cannot have. */
void policy_ssh_check(struct findings *out, const json_t *policy);

/* Whether all that `wide` matches is among what `rule` matches; both are of one kind. */
bool policy_rule_covers(const struct policy_rule *rule, const struct policy_rule *other);

/* The policy of a ca.json against the name constraints of the certificate that issues. Nothing where either
 * is absent, or where the policy does not load. */
void policy_certificate_check(struct findings *out, const json_t *config, const X509 *issuer);

#endif

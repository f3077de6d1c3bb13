#include "policyreport.h"

#include "gotext.h"
#include "policy.h"

#include <string.h>

#define ENGINE "step-ca policy engine"
#define COUNT(array) (sizeof(array) / sizeof(array)[0])

char *policy_view_place(const struct policy_rule *rule)
{
    OWN_STRUCT(bytes) place = {0};
    bytes_text(&place, CONFIG_PLACE);
    policy_rule_place(&place, rule, POLICY_X509);
    return text_copy(bytes_string(&place));
}

/* ---- entries by themselves ---- */

/* The local part of an entry is lower-cased, that of a name is not. */
static void email_check(struct findings *out, const char *place, const char *entry)
{
    const char *at = strchr(entry, '@');
    OWN(char) *lower = gotext_lower(entry);
    if (at == NULL || strcspn(entry, "ABCDEFGHIJKLMNOPQRSTUVWXYZ") >= (size_t)(at - entry))
        return;
    findings_add(
        out, SEVERITY_WARNING, "policy_email_case", place, ENGINE,
        "matches nothing that is written like it: step-ca keeps \"%.100s\" as \"%.100s\", and compares what "
        "stands before the @ letter by letter; use lower-case addresses, or the domain",
        entry, lower);
}

static void dns_check(struct findings *out, const char *place, const char *entry)
{
    struct policy_range address;
    OWN(char) *lower = gotext_lower(entry);
    if (policy_address_read(&address, lower))
        findings_add(
            out, SEVERITY_WARNING, "policy_dns_address", place, ENGINE,
            "\"%.60s\" is an address: names that look so are judged by ip entries, and this one is never "
            "asked; move it to ip",
            lower);
}

static void entry_check(struct findings *out, const char *path, const char *type, size_t index,
                        const char *entry)
{
    struct err err = {0};
    OWN(char) *place = text_format(CONFIG_PLACE "%s.%s.%zu", path, type, index);
    if (!policy_entry_loads(type, entry)) {
        if (policy_entry_check(type, entry, &err))
            err_set(&err, "policy: %s entry \"%.200s\" is not taken; step-ca does not start", type, entry);
        findings_add(out, SEVERITY_ERROR, "policy_entry_illegal", place, ENGINE, "%s", err.text);
        return;
    }
    if (!policy_entry_check(type, entry, &err))
        findings_add(out, SEVERITY_WARNING, "policy_entry_useless", place, ENGINE,
                     "step-ca starts with it, but: %s", err.text);
    if (strcmp(type, "email") == 0)
        email_check(out, place, entry);
    if (strcmp(type, "dns") == 0)
        dns_check(out, place, entry);
}

static void entries_check(struct findings *out, const char *path, const json_t *rules,
                          const char *const *types)
{
    static const char *const sides[] = {"allow", "deny"};
    for (size_t s = 0; s < COUNT(sides); s++) {
        OWN(char) *side = text_format("%s.%s", path, sides[s]);
        for (size_t t = 0; types[t] != NULL; t++) {
            size_t i;
            json_t *entry;
            json_array_foreach(schema_member(schema_member(rules, sides[s]), types[t]), i, entry)
            {
                if (json_is_string(entry))
                    entry_check(out, side, types[t], i, json_string_value(entry));
            }
        }
    }
}

/* ---- the whole ---- */

static void x509_check(struct findings *out, const json_t *config, const json_t *policy)
{
    OWN_POLICY_ENGINE *engine = NULL;
    struct err err = {0};
    if (schema_member(policy, "x509") == NULL || !policy_engine_new(&engine, policy, POLICY_X509, &err))
        return; /* why it does not compile was said entry by entry */
    const struct policy_view view = {out, config, policy, engine};
    policy_openings_check(&view);
    policy_overlaps_check(&view);
    policy_reach_check(&view);
}

void policy_report(struct findings *out, const json_t *config)
{
    static const char *const types[] = {"cn", "dns", "ip", "email", "uri", NULL};
    static const char *const ssh_types[] = {"dns", "ip", "email", NULL};
    const json_t *authority = schema_member(config, "authority");
    const json_t *policy = schema_member(authority, "policy"), *ssh = schema_member(policy, "ssh");
    if (policy == NULL)
        return;
    if (schema_true(authority, "enableAdmin"))
        findings_add(out, SEVERITY_ERROR, "policy_dead", POLICY_PLACE, "step-ca authority/policy.go",
                     "has no effect while authority.enableAdmin is true: the policy in the database counts; "
                     "set it with \"step ca policy authority x509 allow ...\", or take enableAdmin out");
    entries_check(out, POLICY_PATH ".x509", schema_member(policy, "x509"), types);
    entries_check(out, POLICY_PATH ".ssh.user", schema_member(ssh, "user"), ssh_types);
    entries_check(out, POLICY_PATH ".ssh.host", schema_member(ssh, "host"), ssh_types);
    x509_check(out, config, policy);
    policy_ssh_check(out, policy);
}

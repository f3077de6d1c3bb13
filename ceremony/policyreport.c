#include "config.h"

#include "policy.h"

#include <string.h>

#define PATH "authority.policy"
#define X509 CONFIG_PLACE PATH ".x509"

static const char *const sides[] = {"allow", "deny"};
static const char *const types[] = {"cn", "dns", "ip", "email", "uri"};
static const char *const ssh_types[] = {"dns", "ip", "email"};

#define COUNT(array) (sizeof(array) / sizeof(array)[0])

/* ---- entries ---- */

static void entries_check(struct findings *out, const char *path, const char *type, const json_t *entries)
{
    size_t i;
    json_t *entry;
    struct err err = {0};
    json_array_foreach(entries, i, entry)
    {
        const char *text = json_string_value(entry);
        if (text == NULL || policy_entry_check(type, text, &err))
            continue;
        OWN(char) *place = text_format(CONFIG_PLACE "%s.%s.%zu", path, type, i);
        findings_add(out, SEVERITY_ERROR, "policy_entry_illegal", place, "step-ca policy engine", "%s",
                     err.text);
    }
}

static void sides_check(struct findings *out, const char *path, const json_t *rules, const char *const *known,
                        size_t count)
{
    for (size_t s = 0; s < COUNT(sides); s++) {
        OWN(char) *side_path = text_format("%s.%s", path, sides[s]);
        const json_t *side = schema_member(rules, sides[s]);
        for (size_t t = 0; t < count; t++)
            entries_check(out, side_path, known[t], schema_member(side, known[t]));
    }
}

/* ---- what the engine does with them ---- */

static size_t entry_count(const json_t *x509, const char *side, const char *type)
{
    return json_array_size(schema_member(schema_member(x509, side), type));
}

static size_t side_count(const json_t *x509, const char *side)
{
    size_t sum = 0;
    for (size_t t = 0; t < COUNT(types); t++)
        sum += entry_count(x509, side, types[t]);
    return sum;
}

/* Where the engine lets through what its reader would think is refused. */
static void openings_check(struct findings *out, const json_t *x509)
{
    if (side_count(x509, "allow") + side_count(x509, "deny") == 0) {
        findings_add(
            out, SEVERITY_WARNING, "policy_empty", X509, "",
            "no entry at all, which allows every name, whatever else stands here; add entries or remove it");
        return;
    }
    if (entry_count(x509, "deny", "cn") > 0 && entry_count(x509, "allow", "cn") == 0)
        findings_add(
            out, SEVERITY_WARNING, "policy_cn_deny", X509 ".deny.cn", "",
            "denying one common name lets every other one pass unchecked, and the denied one is still judged "
            "as a DNS name; deny it under dns instead");
    for (size_t t = 1; t < COUNT(types); t++) {
        if (entry_count(x509, "deny", types[t]) == 0 || entry_count(x509, "allow", types[t]) > 0)
            continue;
        OWN(char) *place = text_format(X509 ".deny.%s", types[t]);
        findings_add(
            out, SEVERITY_WARNING, "policy_type_open", place, "",
            "%s names are denied here and none is allowed, which allows all the others; allow what is wanted "
            "under allow.%s",
            types[t], types[t]);
    }
}

/* The local part of an entry is lower-cased, that of a name is not: such an entry matches nothing. */
static void email_check(struct findings *out, const json_t *x509)
{
    for (size_t s = 0; s < COUNT(sides); s++) {
        size_t i;
        json_t *entry;
        json_array_foreach(schema_member(schema_member(x509, sides[s]), "email"), i, entry)
        {
            const char *text = json_string_value(entry), *at = text != NULL ? strchr(text, '@') : NULL;
            if (at == NULL || strcspn(text, "ABCDEFGHIJKLMNOPQRSTUVWXYZ") >= (size_t)(at - text))
                continue;
            OWN(char) *place = text_format(X509 ".%s.email.%zu", sides[s], i);
            findings_add(out, SEVERITY_WARNING, "policy_email_case", place, "",
                         "\"%.100s\" matches nothing: step-ca lower-cases the entry before the @ and not the "
                         "name; use "
                         "lower-case addresses, or the domain",
                         text);
        }
    }
}

void policy_report(struct findings *out, const json_t *config)
{
    const json_t *authority = schema_member(config, "authority"),
                 *policy = schema_member(authority, "policy");
    const json_t *x509 = schema_member(policy, "x509"), *ssh = schema_member(policy, "ssh");
    if (policy == NULL)
        return;
    if (schema_true(authority, "enableAdmin"))
        findings_add(out, SEVERITY_ERROR, "policy_dead", CONFIG_PLACE PATH, "step-ca authority/policy.go",
                     "has no effect while authority.enableAdmin is true: the policy in the database counts; "
                     "set it with "
                     "\"step ca policy authority x509 allow ...\", or take enableAdmin out");
    if (x509 != NULL) {
        sides_check(out, PATH ".x509", x509, types, COUNT(types));
        openings_check(out, x509);
        email_check(out, x509);
    }
    sides_check(out, PATH ".ssh.user", schema_member(ssh, "user"), ssh_types, COUNT(ssh_types));
    sides_check(out, PATH ".ssh.host", schema_member(ssh, "host"), ssh_types, COUNT(ssh_types));
}

#include "policy.h"

#include "json.h"
#include "policy_engine.h"

#include <string.h>

#define NOBODY "invalid"

static const struct {
    enum policy_type type;
    const char *permitted, *excluded;
} families[] = {
    {POLICY_DNS, "permittedDNSDomains", "excludedDNSDomains"},
    {POLICY_IP, "permittedIPRanges", "excludedIPRanges"},
    {POLICY_EMAIL, "permittedEmailAddresses", "excludedEmailAddresses"},
    {POLICY_URI, "permittedURIDomains", "excludedURIDomains"},
};

/* ---- one entry as a subtree ---- */

/* A wildcard of DNS becomes the domain under it; a URI's keeps its dot, which has a meaning there
 * (RFC 5280 4.2.1.10). */
const char *policy_rule_subtree(const struct policy_rule *rule)
{
    return rule->normal + (rule->type == POLICY_DNS && rule->normal[0] == '.');
}

static bool ends_with(const char *text, const char *end)
{
    size_t len = strlen(text), tail = strlen(end);
    return len >= tail && strcmp(text + len - tail, end) == 0;
}

bool policy_rule_overreaches(const struct policy_rule *deny, const struct policy_rule *allow)
{
    const char *tree = policy_rule_subtree(deny), *name = allow->normal;
    if (deny->type == POLICY_IP || deny->type == POLICY_EMAIL || strcmp(deny->normal, name) == 0)
        return false;
    if (deny->type == POLICY_URI)
        return tree[0] == '.' && strcmp(strchrnul(name, '.'), tree) != 0 && ends_with(name, tree);
    OWN(char) *below = text_format(".%s", tree);
    bool one_label_below = deny->normal[0] == '.' && strcmp(strchrnul(name, '.'), deny->normal) == 0;
    return !one_label_below && (strcmp(name, tree) == 0 || ends_with(name, below));
}

bool policy_rule_is_denied(const struct policy_rules *denied, const struct policy_rule *allow)
{
    for (size_t i = 0; i < denied->count; i++)
        if (strcmp(denied->rule[i].normal, allow->normal) == 0)
            return true;
    return false;
}

/* With nothing allowed by name all the rest is, below the denied domain too. */
static bool open_check(const struct policy_rule *deny, struct err *err)
{
    const char *type = policy_type_word(deny->type);
    if (deny->type != POLICY_DNS && (deny->type != POLICY_URI || deny->normal[0] != '.'))
        return true;
    return err_set(
        err,
        "policy: deny.%s \"%.100s\" cannot be a name constraint while there is no allow.%s: all other names "
        "are allowed, and a constraint would exclude those below %.100s too (RFC 5280 4.2.1.10); allow what "
        "is wanted, or do not constrain",
        type, deny->entry, type, policy_rule_subtree(deny));
}

static bool deny_check(const struct policy_rule *deny, const struct policy_engine *engine, struct err *err)
{
    const struct policy_rules *allowed = policy_engine_rules(engine, deny->type, false);
    const struct policy_rules *denied = policy_engine_rules(engine, deny->type, true);
    const char *type = policy_type_word(deny->type);
    if (allowed->count == 0)
        return open_check(deny, err);
    for (size_t i = 0; i < allowed->count; i++) {
        const struct policy_rule *allow = &allowed->rule[i];
        if (policy_rule_overreaches(deny, allow) && !policy_rule_is_denied(denied, allow))
            return err_set(
                err,
                "policy: deny.%s \"%.100s\" cannot be a name constraint, which would exclude all of %.100s "
                "(RFC 5280 4.2.1.10), and allow.%s \"%.100s\" with it; take one of them out, or do not "
                "constrain",
                type, deny->entry, policy_rule_subtree(deny), type, allow->entry);
    }
    return true;
}

/* ---- one kind ---- */

static void value_add(json_t *constraints, const char *member, const char *value)
{
    json_t *list = json_object_get(constraints, member);
    size_t i;
    json_t *there;
    if (list == NULL) {
        list = json_array();
        if (json_object_set_new(constraints, member, list) != 0)
            abort();
    }
    json_array_foreach(list, i, there)
    {
        if (strcmp(json_string_value(there), value) == 0)
            return;
    }
    if (json_array_append_new(list, json_string(value)) != 0)
        abort();
}

static bool rules_add(json_t *constraints, const char *member, const struct policy_rules *rules,
                      struct err *err)
{
    for (size_t i = 0; i < rules->count; i++) {
        const struct policy_rule *rule = &rules->rule[i];
        if (!policy_entry_check(policy_type_word(rule->type), rule->entry, err))
            return false;
        value_add(constraints, member, policy_rule_subtree(rule));
    }
    return true;
}

/* Nothing of this kind may be issued. */
static void family_close(json_t *constraints, size_t family)
{
    switch (families[family].type) {
    case POLICY_DNS:
        value_add(constraints, families[family].excluded, "");
        break;
    case POLICY_IP:
        value_add(constraints, families[family].excluded, "0.0.0.0/0");
        value_add(constraints, families[family].excluded, "::/0");
        break;
    default:
        value_add(constraints, families[family].permitted, NOBODY);
    }
}

/* Where addresses of one version alone are permitted, the other is excluded by name. */
static void versions_close(json_t *constraints, const struct policy_rules *allowed)
{
    bool v4 = false, v6 = false;
    for (size_t i = 0; i < allowed->count; i++) {
        v4 = v4 || allowed->rule[i].range.size == 4;
        v6 = v6 || allowed->rule[i].range.size == 16;
    }
    if (v4 && !v6)
        value_add(constraints, "excludedIPRanges", "::/0");
    if (v6 && !v4)
        value_add(constraints, "excludedIPRanges", "0.0.0.0/0");
}

static bool family_add(json_t *constraints, const struct policy_engine *engine, size_t family,
                       struct err *err)
{
    enum policy_type type = families[family].type;
    const struct policy_rules *allowed = policy_engine_rules(engine, type, false);
    const struct policy_rules *denied = policy_engine_rules(engine, type, true);
    if (allowed->count + denied->count == 0 && policy_engine_permits(engine) > 0) {
        family_close(constraints, family);
        return true;
    }
    for (size_t i = 0; i < denied->count; i++)
        if (!deny_check(&denied->rule[i], engine, err))
            return false;
    if (!rules_add(constraints, families[family].permitted, allowed, err) ||
        !rules_add(constraints, families[family].excluded, denied, err))
        return false;
    if (type == POLICY_IP)
        versions_close(constraints, allowed);
    return true;
}

/* ---- the common name ---- */

/* Verifiers take a common name that looks like a host for one where there is no DNS name. */
static bool cn_check(const struct policy_engine *engine, struct err *err)
{
    const struct policy_rules *allowed = policy_engine_rules(engine, POLICY_CN, false);
    const struct policy_rules *denied = policy_engine_rules(engine, POLICY_CN, true);
    if (denied->count > 0)
        return err_set(
            err,
            "policy: deny.cn \"%.100s\" cannot be a name constraint: there is none for the common name "
            "(RFC 5280 4.2.1.10); deny it under dns, or do not constrain",
            denied->rule[0].entry);
    for (size_t i = 0; i < allowed->count; i++) {
        const char *text = allowed->rule[i].normal;
        const struct policy_name name = {POLICY_DNS, text};
        const struct policy_answer answer = policy_judge(engine, &name);
        if (strchr(text, '.') != NULL && answer.reason != POLICY_NO_ASCII && !policy_allowed(&answer))
            return err_set(
                err,
                "policy: allow.cn \"%.100s\" is a host name that the constraints would forbid; allow it "
                "under dns too, or do not constrain",
                allowed->rule[i].entry);
    }
    return true;
}

bool policy_name_constraints(json_t **out, const json_t *policy, struct err *err)
{
    OWN_POLICY_ENGINE *engine = NULL;
    size_t entries = 0;
    if (!policy_check(policy, err) || !policy_engine_new(&engine, policy, POLICY_X509, err))
        return false;
    for (enum policy_type type = POLICY_CN; type < POLICY_TYPES; type++)
        entries +=
            policy_engine_rules(engine, type, false)->count + policy_engine_rules(engine, type, true)->count;
    if (entries == 0)
        return err_set(err,
                       "policy: x509 has no entry, and nothing to constrain a certificate to; add entries");
    if (!cn_check(engine, err))
        return false;
    OWN(json_t) *constraints = json_pack("{s:b}", "critical", 1);
    if (constraints == NULL)
        abort();
    for (size_t f = 0; f < sizeof families / sizeof families[0]; f++)
        if (!family_add(constraints, engine, f, err))
            return false;
    *out = GIVE(constraints);
    return true;
}

#include "policyreport.h"

#include <string.h>

#define ENGINE "step-ca policy engine"

/* A domain behind a dot stands for the names one label below it. */
static bool domain_covers(const char *domain, const char *name)
{
    return strcmp(domain, name) == 0 ||
           (domain[0] == '.' && name[0] != '.' && strcmp(strchrnul(name, '.'), domain) == 0);
}

static bool email_covers(const char *entry, const char *other)
{
    const char *at = strchr(other, '@');
    return strcmp(entry, other) == 0 ||
           (strchr(entry, '@') == NULL && domain_covers(entry, at != NULL ? at + 1 : other));
}

bool policy_rule_covers(const struct policy_rule *rule, const struct policy_rule *other)
{
    switch (rule->type) {
    case POLICY_IP:
        return policy_range_holds(&rule->range, &other->range);
    case POLICY_EMAIL:
        return email_covers(rule->normal, other->normal);
    case POLICY_DNS:
    case POLICY_URI:
        return domain_covers(rule->normal, other->normal);
    default:
        return strcmp(rule->normal, other->normal) == 0;
    }
}

/* The first rule that covers `rule`, or with `either` is covered by it; NULL when there is none. */
static const struct policy_rule *cover_find(const struct policy_rules *rules, const struct policy_rule *rule,
                                            bool either)
{
    for (size_t i = 0; i < rules->count; i++)
        if (policy_rule_covers(&rules->rule[i], rule) ||
            (either && policy_rule_covers(rule, &rules->rule[i])))
            return &rules->rule[i];
    return NULL;
}

static void allowed_check(const struct policy_view *view, const struct policy_rule *allow,
                          const struct policy_rules *denied)
{
    const struct policy_rule *deny = cover_find(denied, allow, false);
    if (deny == NULL)
        return;
    OWN(char) *place = policy_view_place(allow);
    findings_add(
        view->out, SEVERITY_WARNING, "policy_allow_denied", place, ENGINE,
        "\"%.100s\" allows nothing: deny.%s \"%.100s\" covers all of it, and deny beats allow; take one of "
        "them out",
        allow->entry, policy_type_word(deny->type), deny->entry);
}

static void denied_check(const struct policy_view *view, const struct policy_rule *deny,
                         const struct policy_rules *allowed)
{
    if (cover_find(allowed, deny, true) != NULL)
        return;
    OWN(char) *place = policy_view_place(deny);
    findings_add(view->out, SEVERITY_NOTE, "policy_deny_redundant", place, ENGINE,
                 "\"%.100s\" denies nothing: no entry of allow.%s reaches it, so that it is refused anyhow",
                 deny->entry, policy_type_word(deny->type));
}

/* Common names are left out: what is denied there may pass all the same, and what is allowed is asked second.
 */
void policy_overlaps_check(const struct policy_view *view)
{
    for (enum policy_type type = POLICY_DNS; type <= POLICY_URI; type++) {
        const struct policy_rules *allowed = policy_engine_rules(view->engine, type, false);
        const struct policy_rules *denied = policy_engine_rules(view->engine, type, true);
        for (size_t i = 0; i < allowed->count; i++)
            allowed_check(view, &allowed->rule[i], denied);
        for (size_t i = 0; allowed->count > 0 && i < denied->count; i++)
            denied_check(view, &denied->rule[i], allowed);
    }
}

#include "policyreport.h"

#include <string.h>

#define X509 POLICY_PLACE ".x509"
#define ENGINE "step-ca policy engine"

static const struct policy_rules *rules_of(const struct policy_view *view, enum policy_type type, bool deny)
{
    return policy_engine_rules(view->engine, type, deny);
}

static struct policy_answer judge(const struct policy_view *view, enum policy_type type, const char *name)
{
    const struct policy_name asked = {type, name};
    return policy_judge(view->engine, &asked);
}

static void finding(const struct policy_view *view, const char *rule, const struct policy_rule *entry,
                    const char *format, const char *name)
{
    OWN(char) *place = policy_view_place(entry);
    OWN_STRUCT(bytes) text = {0};
    for (; *format != 0; format++) {
        if (*format == '@')
            bytes_format(&text, "\"%.100s\"", name);
        else
            bytes_add(&text, format, 1);
    }
    findings_add(view->out, SEVERITY_WARNING, rule, place, ENGINE, "%s", bytes_string(&text));
}

/* ---- common names ---- */

static void cn_check(const struct policy_view *view)
{
    const struct policy_rules *denied = rules_of(view, POLICY_CN, true);
    for (size_t i = 0; i < denied->count; i++) {
        const struct policy_rule *rule = &denied->rule[i];
        const struct policy_answer answer = judge(view, POLICY_CN, rule->normal);
        if (policy_allowed(&answer))
            finding(view, "policy_cn_deny", rule,
                    "@ is denied here and signed all the same: a denied common name is then judged by the "
                    "entries of "
                    "the kind that it looks like, and they let it pass; deny it there, under dns",
                    rule->entry);
    }
    if (denied->count > 0 && rules_of(view, POLICY_CN, false)->count == 0)
        findings_add(
            view->out, SEVERITY_WARNING, "policy_cn_open", X509 ".deny.cn", ENGINE,
            "with deny.cn and no allow.cn every common name that is not denied passes, and no dns entry is "
            "asked any more; take deny.cn out and deny the name under dns instead");
}

/* ---- wildcards ---- */

static void wildcard_check(const struct policy_view *view, const struct policy_rule *rule)
{
    bool wildcard = rule->normal[0] == '.';
    const char *parent = strchr(rule->normal, '.');
    if (parent == NULL || parent[1] == 0)
        return;
    OWN(char) *name = text_format("*%s", parent);
    const struct policy_answer answer = judge(view, POLICY_DNS, name);
    if (!policy_allowed(&answer))
        return;
    if (wildcard)
        finding(view, "policy_wildcard_open", rule,
                "the wildcard name @ itself is signed, good for every name that is denied here: without "
                "allowWildcardNames no entry matches it, and there is no allow.dns that would miss it; allow "
                "what is "
                "wanted under allow.dns",
                name);
    else
        finding(
            view, "policy_wildcard_covers", rule,
            "is denied, but the wildcard name @ is signed, and such a certificate is good for it too; set "
            "allowWildcardNames to false, or take the name out of that domain",
            name);
}

/* ---- kinds of names ---- */

static void types_check(const struct policy_view *view)
{
    for (enum policy_type type = POLICY_DNS; type <= POLICY_URI; type++) {
        const char *word = policy_type_word(type);
        if (rules_of(view, type, true)->count == 0 || rules_of(view, type, false)->count > 0)
            continue;
        OWN(char) *place = text_format(X509 ".deny.%s", word);
        findings_add(
            view->out, SEVERITY_WARNING, "policy_type_open", place, ENGINE,
            "%s names are denied here and none is allowed, which allows all the others; allow what is "
            "wanted under allow.%s",
            word, word);
    }
}

static void everything_check(const struct policy_view *view)
{
    for (enum policy_type type = POLICY_DNS; type <= POLICY_URI; type++) {
        const struct policy_rules *rules = rules_of(view, type, false);
        if (rules->everything != POLICY_NOWHERE)
            finding(view, "policy_entry_everything", &rules->rule[rules->everything],
                    "is nothing once its invisible characters are gone, and matches every name; take it out",
                    "");
    }
}

static bool is_empty(const struct policy_view *view)
{
    for (enum policy_type type = POLICY_CN; type < POLICY_TYPES; type++)
        if (rules_of(view, type, false)->count + rules_of(view, type, true)->count > 0)
            return false;
    return true;
}

void policy_openings_check(const struct policy_view *view)
{
    const struct policy_rules *denied = rules_of(view, POLICY_DNS, true);
    if (is_empty(view)) {
        findings_add(
            view->out, SEVERITY_WARNING, "policy_empty", X509, ENGINE,
            "no entry at all, which allows every name, whatever else stands here; add entries or remove it");
        return;
    }
    if (policy_engine_permits(view->engine) == 0)
        findings_add(
            view->out, SEVERITY_WARNING, "policy_deny_only", X509 ".deny", ENGINE,
            "nothing is allowed by an entry, so that all that is not denied is allowed, of every kind; allow "
            "what is wanted");
    else
        types_check(view);
    everything_check(view);
    cn_check(view);
    for (size_t i = 0; i < denied->count; i++)
        wildcard_check(view, &denied->rule[i]);
}

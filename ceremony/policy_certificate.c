#include "policyreport.h"

#include "ssl.h"

#include <openssl/x509v3.h>
#include <string.h>

#define CLAUSE "RFC 5280 4.2.1.10"
#define CRT CONFIG_PLACE "crt"

/* One subtree of name constraints. */
struct subtree {
    enum policy_type type; /* POLICY_TYPES: of a kind that no policy speaks of */
    char text[256];        /* in lower case; of an address as people write it */
    struct policy_range range;
};

/* ---- reading ---- */

static bool mask_bits(unsigned *bits, const unsigned char *mask, size_t size)
{
    *bits = 0;
    while (*bits < 8 * size && (mask[*bits / 8] & (0x80u >> *bits % 8)) != 0)
        (*bits)++;
    for (size_t i = *bits; i < 8 * size; i++)
        if ((mask[i / 8] & (0x80u >> i % 8)) != 0)
            return false;
    return true;
}

static void range_read(struct subtree *out, const ASN1_STRING *value)
{
    const unsigned char *data = ASN1_STRING_get0_data(value);
    size_t size = (size_t)ASN1_STRING_length(value) / 2;
    unsigned bits;
    char address[POLICY_ADDRESS_TEXT];
    if ((size != 4 && size != 16) || !mask_bits(&bits, data + size, size))
        return;
    memcpy(out->range.address, data, size);
    out->range.size = (unsigned)size;
    policy_range_mask(&out->range, bits);
    policy_address_text(address, &out->range);
    snprintf(out->text, sizeof out->text, "%s/%u", address, bits);
    out->type = POLICY_IP;
}

static void text_read(struct subtree *out, enum policy_type type, const ASN1_STRING *value)
{
    const char *data = (const char *)ASN1_STRING_get0_data(value);
    size_t len = (size_t)ASN1_STRING_length(value);
    if (len >= sizeof out->text)
        return;
    for (size_t i = 0; i < len; i++)
        out->text[i] = data[i] >= 'A' && data[i] <= 'Z' ? (char)(data[i] | 0x20) : data[i];
    out->type = type;
}

static void subtree_read(struct subtree *out, const GENERAL_SUBTREE *tree)
{
    int kind = 0;
    const void *value = GENERAL_NAME_get0_value(tree->base, &kind);
    *out = (struct subtree){.type = POLICY_TYPES};
    if (kind == GEN_DNS)
        text_read(out, POLICY_DNS, value);
    else if (kind == GEN_EMAIL)
        text_read(out, POLICY_EMAIL, value);
    else if (kind == GEN_URI)
        text_read(out, POLICY_URI, value);
    else if (kind == GEN_IPADD)
        range_read(out, value);
}

/* ---- comparing ---- */

/* So are the names one label below a domain that is itself meant (".x" in "x"). */
static bool is_below(const char *name, const char *domain)
{
    size_t len = strlen(name), tail = strlen(domain);
    return len > tail && name[len - tail - 1] == '.' && strcmp(name + len - tail, domain) == 0;
}

/* A host, or the hosts one label below a domain (".x"), in the subtree of a URI or of an e-mail address's
 * host. */
static bool host_holds(const char *base, const char *host)
{
    if (base[0] != '.')
        return strcmp(base, host) == 0;
    return is_below(host, base + 1);
}

static bool dns_holds(const char *base, const char *name)
{
    if (base[0] == 0 || base[0] == '.')
        return base[0] == 0 || host_holds(base, name);
    return is_below(name, base) || strcmp(name, base) == 0;
}

static bool email_holds(const char *base, const char *name)
{
    const char *at = strchr(name, '@');
    if (strchr(base, '@') != NULL)
        return strcmp(base, name) == 0;
    return host_holds(base, at != NULL ? at + 1 : name);
}

static bool subtree_holds(const struct subtree *tree, const struct policy_rule *rule)
{
    switch (tree->type) {
    case POLICY_DNS:
        return dns_holds(tree->text, rule->normal);
    case POLICY_EMAIL:
        return email_holds(tree->text, rule->normal);
    case POLICY_URI:
        return host_holds(tree->text, rule->normal);
    default:
        return policy_range_holds(&tree->range, &rule->range);
    }
}

/* Whether they have a name in common. */
static bool subtree_meets(const struct subtree *tree, const struct policy_rule *rule)
{
    const char *at = strchr(tree->text, '@');
    if (subtree_holds(tree, rule))
        return true;
    switch (tree->type) {
    case POLICY_DNS:
    case POLICY_URI:
        return rule->normal[0] == '.' && tree->text[0] != '.' &&
               strcmp(strchrnul(tree->text, '.'), rule->normal) == 0;
    case POLICY_EMAIL:
        return at != NULL && strcmp(at + 1, rule->normal) == 0;
    default:
        return policy_range_holds(&rule->range, &tree->range);
    }
}

enum overlap { APART, PARTLY, WITHIN };

/* A subtree that stands for an entry of the policy's own deny list forbids nothing that the policy allows. */
static bool is_denied(const struct subtree *tree, const struct policy_rule *allow,
                      const struct policy_rules *denied)
{
    for (size_t i = 0; denied != NULL && i < denied->count; i++)
        if (strcmp(tree->text, policy_rule_subtree(&denied->rule[i])) == 0 &&
            (!policy_rule_overreaches(&denied->rule[i], allow) || policy_rule_is_denied(denied, allow)))
            return true;
    return false;
}

/* `any`: there is a subtree of the rule's kind at all. Those that stand for `denied` (or NULL) do not count.
 */
static enum overlap overlap_of(const STACK_OF(GENERAL_SUBTREE) * trees, const struct policy_rule *rule,
                               const struct policy_rules *denied, bool *any)
{
    enum overlap overlap = APART;
    *any = false;
    for (int i = 0; i < sk_GENERAL_SUBTREE_num(trees); i++) {
        struct subtree tree;
        subtree_read(&tree, sk_GENERAL_SUBTREE_value(trees, i));
        if (tree.type != rule->type || is_denied(&tree, rule, denied))
            continue;
        *any = true;
        if (subtree_holds(&tree, rule))
            return WITHIN;
        if (subtree_meets(&tree, rule))
            overlap = PARTLY;
    }
    return overlap;
}

/* ---- what the policy allows and the certificate does not ---- */

static void entry_check(struct findings *out, const struct policy_rule *rule,
                        const struct policy_rules *denied, const NAME_CONSTRAINTS *constraints)
{
    bool limited, excluded;
    enum overlap inside = overlap_of(constraints->permittedSubtrees, rule, NULL, &limited);
    enum overlap outside = overlap_of(constraints->excludedSubtrees, rule, denied, &excluded);
    if ((!limited || inside == WITHIN) && outside == APART)
        return;
    bool none = (limited && inside == APART) || outside == WITHIN;
    OWN(char) *place = policy_view_place(rule);
    findings_add(
        out, SEVERITY_WARNING, "policy_beyond_constraints", place, CLAUSE,
        "\"%.100s\" is allowed here, and the intermediate's name constraints forbid %s: step-ca refuses what "
        "they forbid, whatever the policy says; narrow the entry, or have the intermediate signed anew",
        rule->entry, none ? "all of it" : "part of it");
}

/* ---- what the certificate permits and the policy does not ---- */

static void permitted_check(struct findings *out, const struct policy_engine *engine,
                            const struct subtree *tree)
{
    const struct policy_rules *allowed = policy_engine_rules(engine, tree->type, false);
    bool closed = allowed->count > 0 || (policy_engine_permits(engine) > 0 &&
                                         policy_engine_rules(engine, tree->type, true)->count == 0);
    for (size_t i = 0; i < allowed->count; i++)
        if (subtree_meets(tree, &allowed->rule[i]))
            return;
    if (closed && strcmp(tree->text, "invalid") != 0) /* which stands for none at all */
        findings_add(
            out, SEVERITY_NOTE, "constraints_unused", CRT, CLAUSE,
            "the intermediate's name constraints permit %s \"%.100s\", of which the policy allows nothing",
            policy_type_word(tree->type), tree->text);
}

static bool family_is_limited(const NAME_CONSTRAINTS *constraints, enum policy_type type)
{
    struct subtree tree;
    for (int i = 0; i < sk_GENERAL_SUBTREE_num(constraints->permittedSubtrees); i++) {
        subtree_read(&tree, sk_GENERAL_SUBTREE_value(constraints->permittedSubtrees, i));
        if (tree.type == type)
            return true;
    }
    for (int i = 0; i < sk_GENERAL_SUBTREE_num(constraints->excludedSubtrees); i++) {
        subtree_read(&tree, sk_GENERAL_SUBTREE_value(constraints->excludedSubtrees, i));
        if (tree.type == type && (type == POLICY_IP ? tree.range.bits == 0 : tree.text[0] == 0))
            return true;
    }
    return false;
}

static void families_check(struct findings *out, const struct policy_engine *engine,
                           const NAME_CONSTRAINTS *constraints)
{
    OWN_STRUCT(bytes) open = {0};
    for (enum policy_type type = POLICY_DNS; type <= POLICY_URI; type++) {
        bool refused =
            policy_engine_permits(engine) > 0 && (policy_engine_rules(engine, type, false)->count > 0 ||
                                                  policy_engine_rules(engine, type, true)->count == 0);
        if (refused && !family_is_limited(constraints, type))
            bytes_format(&open, "%s%s", open.len > 0 ? ", " : "", policy_type_word(type));
    }
    if (open.len > 0)
        findings_add(
            out, SEVERITY_NOTE, "constraints_open", CRT, CLAUSE,
            "the intermediate's name constraints limit no names of type %s, which the policy does: whoever "
            "has the key, or changes ca.json, can issue any",
            bytes_string(&open));
}

void policy_certificate_check(struct findings *out, const json_t *config, const X509 *issuer)
{
    const json_t *policy = schema_member(schema_member(config, "authority"), "policy");
    OWN(NAME_CONSTRAINTS) *constraints = X509_get_ext_d2i(issuer, NID_name_constraints, NULL, NULL);
    OWN_POLICY_ENGINE *engine = NULL;
    struct err err = {0};
    if (constraints == NULL || schema_member(policy, "x509") == NULL ||
        !policy_engine_new(&engine, policy, POLICY_X509, &err))
        return;
    for (enum policy_type type = POLICY_DNS; type <= POLICY_URI; type++) {
        const struct policy_rules *allowed = policy_engine_rules(engine, type, false);
        for (size_t i = 0; i < allowed->count; i++)
            entry_check(out, &allowed->rule[i], policy_engine_rules(engine, type, true), constraints);
    }
    for (int i = 0; i < sk_GENERAL_SUBTREE_num(constraints->permittedSubtrees); i++) {
        struct subtree tree;
        subtree_read(&tree, sk_GENERAL_SUBTREE_value(constraints->permittedSubtrees, i));
        if (tree.type != POLICY_TYPES)
            permitted_check(out, engine, &tree);
    }
    families_check(out, engine, constraints);
}

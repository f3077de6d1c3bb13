#include "lintparts.h"

#include <string.h>

typedef STACK_OF(GENERAL_SUBTREE) subtrees;

/* Whether a subtree is at fault, and how. */
typedef const char *subtree_fault(const GENERAL_SUBTREE *subtree);

static enum lint_answer each_judge(const struct lint_case *c, subtree_fault *fault, struct err *text)
{
    OWN(NAME_CONSTRAINTS) *found = lint_decoded(c, NID_name_constraints);
    if (found == NULL)
        return LINT_NOT_APPLICABLE;
    const subtrees *both[] = {found->permittedSubtrees, found->excludedSubtrees};
    for (size_t side = 0; side < 2; side++)
        for (int i = 0; i < sk_GENERAL_SUBTREE_num(both[side]); i++) {
            const char *said = fault(sk_GENERAL_SUBTREE_value(both[side], i));
            if (said != NULL)
                return lint_found(text, "%s name constraint number %d %s",
                                  side == 0 ? "permitted" : "excluded", i + 1, said);
        }
    return LINT_PASS;
}

static const char *minimum_fault(const GENERAL_SUBTREE *subtree)
{
    return subtree->minimum != NULL && ASN1_INTEGER_get(subtree->minimum) != 0
               ? "has a minimum that is not zero"
               : NULL;
}

static const char *maximum_fault(const GENERAL_SUBTREE *subtree)
{
    return subtree->maximum != NULL ? "has a maximum" : NULL;
}

static const char *kind_fault(const GENERAL_SUBTREE *subtree)
{
    int kind = subtree->base->type;
    return kind == GEN_X400 || kind == GEN_EDIPARTY || kind == GEN_RID
               ? "is of a kind that programs do not look at"
               : NULL;
}

static bool mask_is_prefix(const unsigned char *mask, int len)
{
    bool ended = false;
    for (int bit = 0; bit < 8 * len; bit++) {
        bool set = (mask[bit / 8] >> (7 - bit % 8) & 1) != 0;
        if (set && ended)
            return false;
        ended = ended || !set;
    }
    return true;
}

/* Address and mask, of four or sixteen bytes each. */
static const char *address_fault(const GENERAL_SUBTREE *subtree)
{
    if (subtree->base->type != GEN_IPADD)
        return NULL;
    const ASN1_OCTET_STRING *value = subtree->base->d.iPAddress;
    int len = ASN1_STRING_length(value);
    const unsigned char *data = ASN1_STRING_get0_data(value);
    if (len != 8 && len != 32)
        return "is an address without a mask, or of a wrong length";
    return mask_is_prefix(data + len / 2, len / 2) ? NULL : "has an address mask that is no prefix";
}

/* A host name, as a constraint: no dot in front, no wildcard, no port. */
static const char *dns_fault(const GENERAL_SUBTREE *subtree)
{
    if (subtree->base->type != GEN_DNS)
        return NULL;
    const ASN1_STRING *value = subtree->base->d.dNSName;
    const char *data = (const char *)ASN1_STRING_get0_data(value);
    int len = ASN1_STRING_length(value);
    if (len > 0 && data[0] == '.')
        return "begins with a dot, which some programs take for a name that nothing has";
    for (int i = 0; i < len; i++)
        if (strchr("*:/ ", data[i]) != NULL)
            return "is no DNS name";
    return NULL;
}

static const char *uri_fault(const GENERAL_SUBTREE *subtree)
{
    if (subtree->base->type != GEN_URI)
        return NULL;
    const ASN1_STRING *value = subtree->base->d.uniformResourceIdentifier;
    const char *data = (const char *)ASN1_STRING_get0_data(value);
    int len = ASN1_STRING_length(value);
    if (len == 7 && memcmp(data, "invalid", 7) == 0)
        return NULL; /* RFC 6761 6.4: nothing is ever called so; permitted alone it stands for no host */
    return len > 0 && memchr(data, '.', (size_t)len) != NULL && memchr(data, '/', (size_t)len) == NULL
               ? NULL
               : "is no full host name";
}

/* A range that begins in one of these cannot be a public one. */
static const char *reserved_fault(const GENERAL_SUBTREE *subtree)
{
    static const struct {
        unsigned char first, second, bits; /* of the second, that count */
    } ranges[] = {{0, 0, 0},     {10, 0, 0},   {100, 64, 2},  {127, 0, 0},
                  {169, 254, 8}, {172, 16, 4}, {192, 168, 8}, {198, 18, 7}};
    if (subtree->base->type != GEN_IPADD || ASN1_STRING_length(subtree->base->d.iPAddress) != 8)
        return NULL;
    const unsigned char *at = ASN1_STRING_get0_data(subtree->base->d.iPAddress);
    bool whole = at[4] == 0; /* 0.0.0.0/0, which closes the kind */
    for (size_t i = 0; i < sizeof ranges / sizeof *ranges && !whole; i++)
        if (at[0] == ranges[i].first && (at[1] ^ ranges[i].second) >> (8 - ranges[i].bits) == 0)
            return "is a range of addresses that belong to nobody";
    return at[0] >= 224 ? "is a range of addresses that belong to nobody" : NULL;
}

static enum lint_answer minimum_judge(const struct lint_case *c, const struct lint_rule *rule,
                                      struct err *text)
{
    (void)rule;
    return each_judge(c, minimum_fault, text);
}

static enum lint_answer maximum_judge(const struct lint_case *c, const struct lint_rule *rule,
                                      struct err *text)
{
    (void)rule;
    return each_judge(c, maximum_fault, text);
}

static enum lint_answer kind_judge(const struct lint_case *c, const struct lint_rule *rule, struct err *text)
{
    (void)rule;
    return each_judge(c, kind_fault, text);
}

static enum lint_answer address_judge(const struct lint_case *c, const struct lint_rule *rule,
                                      struct err *text)
{
    (void)rule;
    return each_judge(c, address_fault, text);
}

static enum lint_answer dns_judge(const struct lint_case *c, const struct lint_rule *rule, struct err *text)
{
    (void)rule;
    return each_judge(c, dns_fault, text);
}

static enum lint_answer uri_judge(const struct lint_case *c, const struct lint_rule *rule, struct err *text)
{
    (void)rule;
    return each_judge(c, uri_fault, text);
}

static enum lint_answer reserved_judge(const struct lint_case *c, const struct lint_rule *rule,
                                       struct err *text)
{
    (void)rule;
    return each_judge(c, reserved_fault, text);
}

/* Names of a kind that no constraint mentions are free. */
static enum lint_answer open_judge(const struct lint_case *c, const struct lint_rule *rule, struct err *text)
{
    static const struct {
        int kind;
        const char *name;
    } kinds[] = {{GEN_DNS, "DNS"},
                 {GEN_IPADD, "IP"},
                 {GEN_EMAIL, "e-mail"},
                 {GEN_URI, "URI"},
                 {GEN_DIRNAME, "directory"}};
    (void)rule;
    OWN(NAME_CONSTRAINTS) *found = lint_decoded(c, NID_name_constraints);
    OWN_STRUCT(bytes) open = {0};
    if (found == NULL)
        return LINT_NOT_APPLICABLE;
    const subtrees *both[] = {found->permittedSubtrees, found->excludedSubtrees};
    for (size_t k = 0; k < sizeof kinds / sizeof *kinds; k++) {
        bool said = false;
        for (size_t side = 0; side < 2; side++)
            for (int i = 0; i < sk_GENERAL_SUBTREE_num(both[side]); i++)
                said = said || sk_GENERAL_SUBTREE_value(both[side], i)->base->type == kinds[k].kind;
        if (!said)
            bytes_format(&open, "%s%s", open.len > 0 ? ", " : "", kinds[k].name);
    }
    return lint_pass_if(open.len == 0, text, "the name constraints leave these kinds of names free: %s",
                        bytes_string(&open));
}

const struct lint_rule lint_constraint_rules[] = {
    {"name_constraints_critical", "EWEE", "RFC 5280 4.2.1.10", "make them critical", LINT_CERTIFICATE, 0,
     NID_name_constraints, lint_critical},
    {"name_constraints_in_ca", "EEEE", "RFC 5280 4.2.1.10", "only a CA has them: leave them out", LINT_LEAF,
     0, NID_name_constraints, lint_absent},
    {"name_constraints_minimum", "EEEE", "RFC 5280 4.2.1.10", "leave it out", LINT_AUTHORITY, 0, 0,
     minimum_judge},
    {"name_constraints_maximum", "EEEE", "RFC 5280 4.2.1.10", "leave it out", LINT_AUTHORITY, 0, 0,
     maximum_judge},
    {"name_constraints_kinds", "WWWW", "RFC 5280 4.2.1.10", "leave it out", LINT_AUTHORITY, 0, 0, kind_judge},
    {"name_constraints_address", "EEEE", "RFC 5280 4.2.1.10", "write address and mask, as in 10.0.0.0/24",
     LINT_AUTHORITY, 0, 0, address_judge},
    {"name_constraints_dns", "WWWW", "RFC 5280 4.2.1.10", "write a domain, as in example.com", LINT_AUTHORITY,
     0, 0, dns_judge},
    {"name_constraints_uri", "EEEE", "RFC 5280 4.2.1.10", "write a host, as in .example.com", LINT_AUTHORITY,
     0, 0, uri_judge},
    {"name_constraints_reserved", "-E--", "BR 7.1.2.5.2", "name public ones", LINT_AUTHORITY, 0, 0,
     reserved_judge},
    {"name_constraints_open", "NNNN", "RFC 5280 4.2.1.10",
     "exclude them where the certificates below do not need them", LINT_AUTHORITY, 0, 0, open_judge},
    {0},
};

#include "profilefields.h"

#include "members.h"
#include "san.h"

#include <string.h>

/* Name constraints (RFC 5280 4.2.1.10), in Go's order: DNS, IP, email, URI. */
enum {
    CRITICAL,
    PERMITTED_DNS,
    PERMITTED_IP,
    PERMITTED_EMAIL,
    PERMITTED_URI,
    EXCLUDED_DNS,
    EXCLUDED_IP,
    EXCLUDED_EMAIL,
    EXCLUDED_URI,
    MEMBERS
};

static const char *const members[] = {
    [CRITICAL] = "critical",
    [PERMITTED_DNS] = "permittedDNSDomains",
    [PERMITTED_IP] = "permittedIPRanges",
    [PERMITTED_EMAIL] = "permittedEmailAddresses",
    [PERMITTED_URI] = "permittedURIDomains",
    [EXCLUDED_DNS] = "excludedDNSDomains",
    [EXCLUDED_IP] = "excludedIPRanges",
    [EXCLUDED_EMAIL] = "excludedEmailAddresses",
    [EXCLUDED_URI] = "excludedURIDomains",
    [MEMBERS] = NULL,
};

/* "10.0.0.0/24" to address and mask, the host's bits cleared. Returns the length of both, 0 when it is no
 * range. */
static size_t range_parse(unsigned char raw[32], const char *text)
{
    char address[64];
    const char *slash = strchr(text, '/');
    if (slash == NULL || (size_t)(slash - text) >= sizeof address || slash[1] == 0 ||
        slash[1 + strspn(slash + 1, "0123456789")] != 0 || strlen(slash + 1) > 3)
        return 0;
    snprintf(address, sizeof address, "%.*s", (int)(slash - text), text);
    size_t len = ip_parse(raw, address);
    unsigned long bits = strtoul(slash + 1, NULL, 10);
    if (len == 4 && strchr(address, ':') != NULL)
        return 0; /* IPv4 inside IPv6 has two readings */
    if (len == 0 || bits > len * 8)
        return 0;
    for (size_t i = 0; i < len; i++) {
        unsigned long ones = bits > i * 8 ? bits - i * 8 : 0;
        raw[len + i] = (unsigned char)(ones >= 8 ? 0xff : 0xff00 >> ones & 0xff);
        raw[i] &= raw[len + i];
    }
    return 2 * len;
}

static bool base_set(GENERAL_NAME *base, int type, const char *value, const char *place, struct err *err)
{
    unsigned char range[32];
    const void *data = value;
    size_t len = strlen(value);
    if (type == GEN_IPADD) {
        data = range;
        len = range_parse(range, value);
        if (len == 0)
            return err_set(err, "nameConstraints: %s \"%.60s\" is not a range such as 10.0.0.0/24", place,
                           value);
    }
    for (const char *c = value; *c != 0; c++)
        if ((unsigned char)*c > 126 || (unsigned char)*c < 33)
            return err_set(err, "nameConstraints: %s \"%.60s\" is not printable ASCII", place, value);
    ASN1_STRING *string = ASN1_STRING_type_new(type == GEN_IPADD ? V_ASN1_OCTET_STRING : V_ASN1_IA5STRING);
    if (string == NULL || ASN1_STRING_set(string, data, (int)len) != 1) {
        ASN1_STRING_free(string);
        return err_ssl(err, "nameConstraints: %s cannot be kept", place);
    }
    GENERAL_NAME_set0_value(base, type, string);
    return true;
}

static bool trees_add(STACK_OF(GENERAL_SUBTREE) * *trees, int type, const json_t *value, const char *place,
                      struct err *err)
{
    if (!multi_check(value, place, err))
        return err_wrap(err, "nameConstraints");
    for (size_t i = 0; i < multi_count(value); i++) {
        OWN(GENERAL_SUBTREE) *tree = GENERAL_SUBTREE_new();
        if (*trees == NULL)
            *trees = sk_GENERAL_SUBTREE_new_null();
        if (tree == NULL || *trees == NULL)
            return err_ssl(err, "nameConstraints: %s cannot be kept", place);
        if (!base_set(tree->base, type, multi_get(value, i), place, err))
            return false;
        if (sk_GENERAL_SUBTREE_push(*trees, tree) <= 0)
            return err_ssl(err, "nameConstraints: %s cannot be kept", place);
        tree = NULL; /* now in the stack */
    }
    return true;
}

bool profile_read_names(struct profile *p, const json_t *value, bool as_step, struct err *err)
{
    static const int types[] = {GEN_DNS, GEN_IPADD, GEN_EMAIL, GEN_URI};
    const json_t *m[MEMBERS];
    if (!members_find(m, members, value, as_step, "nameConstraints", err) ||
        !member_bool(&p->names_critical, m[CRITICAL], "nameConstraints: critical", err))
        return false;
    OWN(NAME_CONSTRAINTS) *names = NAME_CONSTRAINTS_new();
    if (names == NULL)
        return err_ssl(err, "nameConstraints: cannot be kept");
    for (size_t i = 0; i < 4; i++)
        if (!trees_add(&names->permittedSubtrees, types[i], m[PERMITTED_DNS + i], members[PERMITTED_DNS + i],
                       err) ||
            !trees_add(&names->excludedSubtrees, types[i], m[EXCLUDED_DNS + i], members[EXCLUDED_DNS + i],
                       err))
            return false;
    if (names->permittedSubtrees != NULL || names->excludedSubtrees != NULL)
        p->names = GIVE(names);
    return true;
}

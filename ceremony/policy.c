#include "policy.h"

#include "host.h"
#include "near.h"

#include <idn2.h>
#include <string.h>

static const char *const name_types[] = {"cn", "dns", "ip", "email", "uri", NULL};
static const char *const ssh_types[] = {"dns", "ip", "email", "principal", NULL};

static bool contains(const char *text, const char *part)
{
    return strstr(text, part) != NULL;
}

static bool is_white(char c)
{
    return c != 0 && strchr(" \t\n\v\f\r", c) != NULL;
}

/* step-ca trims and lower-cases an entry before it looks at it. */
static char *entry_normal(const char *entry)
{
    while (is_white(*entry))
        entry++;
    size_t len = strlen(entry);
    while (len > 0 && is_white(entry[len - 1]))
        len--;
    char *normal = memory_new(len + 1, 1);
    for (size_t i = 0; i < len; i++)
        normal[i] = entry[i] >= 'A' && entry[i] <= 'Z' ? (char)(entry[i] | 0x20) : entry[i];
    return normal;
}

/* What Go's idna.Lookup checks and a host name need not: hyphens in third and fourth place. */
static const char *hyphens_fault(const char *name)
{
    for (;;) {
        size_t len = strcspn(name, ".");
        if (len > 4 && name[2] == '-' && name[3] == '-' && strncmp(name, "xn--", 4) != 0)
            return "has a label with hyphens in third and fourth place (RFC 5891 4.2.3.1)";
        if (name[len] == 0)
            return NULL;
        name += len + 1;
    }
}

static void idna_free(uint8_t **name)
{
    if (*name != NULL)
        idn2_free(*name);
}
#define OWN_IDNA __attribute__((cleanup(idna_free))) uint8_t

/* libidn2 does not refuse what STD3 forbids, it drops it ("a_b" becomes "ab"): so ask twice and compare. */
static const char *domain_fault(const char *name)
{
    OWN_IDNA *ascii = NULL, *strict = NULL;
    const uint8_t *source = (const uint8_t *)name;
    int flags = IDN2_NFC_INPUT | IDN2_NONTRANSITIONAL;
    if (*name == 0)
        return "has an empty label; remove the extra dot, a trailing one too";
    int result = idn2_lookup_u8(source, &ascii, flags);
    if (result == IDN2_TOO_BIG_LABEL || result == IDN2_TOO_BIG_DOMAIN)
        return "is longer than a domain name may be (RFC 1035 2.3.4)";
    if (result != IDN2_OK)
        return "is no domain name under IDNA (UTS 46, lookup); use letters, digits and hyphens";
    if (idn2_lookup_u8(source, &strict, flags | IDN2_USE_STD3_ASCII_RULES) != IDN2_OK ||
        strcmp((const char *)ascii, (const char *)strict) != 0)
        return "holds a character that no host name has; letters, digits and hyphens only";
    const char *fault = host_name_fault((const char *)ascii);
    return fault != NULL ? fault : hyphens_fault((const char *)ascii);
}

/* What dns and uri entries share. */
static const char *wildcard_fault(const char *name)
{
    if (contains(name, ".."))
        return "has an empty label; remove the extra dot";
    if (name[0] == '.')
        return "begins with a dot; write \"*.\" before the domain to allow one label below it";
    const char *star = strrchr(name, '*');
    if (star == NULL)
        return NULL;
    if (strcmp(name, "*") == 0)
        return "allows everything, which step-ca refuses; write \"*.\" and a domain";
    if (star != name)
        return "has a '*' that is not at its start; only \"*.\" and a domain is possible";
    return name[1] != '.' ? "has a '*' that is only part of a label; write \"*.\" and a domain" : NULL;
}

static const char *dns_fault(const char *name)
{
    const char *fault = wildcard_fault(name);
    return fault != NULL ? fault : domain_fault(name[0] == '*' ? name + 2 : name);
}

static const char *ip_fault(const char *text)
{
    static const char *const fault =
        "is neither an address nor a range; write 10.0.0.1, 10.0.0.0/24 or 2001:db8::/32, no leading zeros";
    OWN(char) *address = text_copy(text);
    char *slash = strchr(address, '/');
    if (slash != NULL)
        *slash++ = 0;
    int bits = 0;
    if (!host_is_address(address, &bits))
        return fault;
    if (slash == NULL)
        return NULL;
    size_t digits = strlen(slash);
    if (digits == 0 || digits > 3 || strspn(slash, "0123456789") != digits)
        return fault;
    return strtol(slash, NULL, 10) > bits ? "has a prefix longer than its address" : NULL;
}

/* Dot-atom and quoted string (RFC 2821 4.1.2), without what step-ca would then refuse as a name: white space
 * and empty parts between dots. */
static const char *local_fault(const char *local, size_t len)
{
    static const char *const fault = "has no legal local part before the @ (RFC 2821 4.1.2)";
    static const char *const letters = "abcdefghijklmnopqrstuvwxyz0123456789!#$%&'+-/=?^_`{|}~.";
    bool quoted = len >= 2 && local[0] == '"' && local[len - 1] == '"';
    if (quoted) {
        local++;
        len -= 2;
    }
    if (len == 0 || local[0] == '.' || local[len - 1] == '.')
        return fault;
    for (size_t i = 0; i < len; i++) {
        bool plain = strchr(letters, local[i]) != NULL;
        bool special = quoted && local[i] > ' ' && local[i] < 0x7F && local[i] != '"' && local[i] != '\\';
        if ((!plain && !special) || (local[i] == '.' && local[i + 1] == '.'))
            return fault;
    }
    return NULL;
}

static const char *email_fault(const char *text)
{
    if (contains(text, "*"))
        return "holds a '*', which email entries have not; write the domain alone for all of its addresses";
    const char *at = strchr(text, '@');
    if (at != NULL && strchr(at + 1, '@') != NULL)
        return "has more than one @";
    if (at != NULL && at[1] == 0)
        return "has no domain behind the @ (\"@\" alone makes step-ca crash); write user@domain, @domain or "
               "domain";
    const char *domain = at != NULL ? at + 1 : text;
    if (domain[0] == '.')
        return "has a domain that begins with a dot; subdomains cannot be allowed this way";
    const char *fault = at != NULL && at != text ? local_fault(text, (size_t)(at - text)) : NULL;
    return fault != NULL ? fault : domain_fault(domain);
}

static const char *uri_fault(const char *text)
{
    if (contains(text, "://"))
        return "holds a scheme; write the host alone";
    if (strpbrk(text, "[]") != NULL)
        return "holds square brackets; an address is not possible here";
    if (host_is_address(text, NULL))
        return "is an address; only host names are possible";
    if (contains(text, ":"))
        return "holds a port; write the host alone";
    return dns_fault(text);
}

static const char *cn_fault(const char *text)
{
    return strcmp(text, "*") == 0 ? "allows everything, which step-ca refuses; write the whole common name"
                                  : NULL;
}

static const struct {
    const char *type;
    const char *(*fault)(const char *normal);
} checkers[] = {
    {"cn", cn_fault}, {"dns", dns_fault}, {"ip", ip_fault}, {"email", email_fault}, {"uri", uri_fault},
};

bool policy_entry_check(const char *type, const char *entry, struct err *err)
{
    for (size_t i = 0; i < sizeof checkers / sizeof checkers[0]; i++) {
        if (strcmp(checkers[i].type, type) != 0)
            continue;
        /* An address is the one kind that step-ca does not trim. */
        OWN(char) *normal = strcmp(type, "ip") == 0 ? text_copy(entry) : entry_normal(entry);
        const char *fault = *normal == 0 ? "is empty; remove it" : checkers[i].fault(normal);
        return fault == NULL || err_set(err, "policy: %s entry \"%.200s\" %s", type, entry, fault);
    }
    return err_set(err, "policy: \"%.40s\" is no kind of name; use cn, dns, ip, email or uri", type);
}

/* ---- the whole object ---- */

static bool members_check(const json_t *object, const char *place, const char *const *known, struct err *err)
{
    if (!json_is_object(object))
        return err_set(err, "policy: \"%s\" must be an object", place);
    for (void *at = json_object_iter((json_t *)object); at != NULL;
         at = json_object_iter_next((json_t *)object, at)) {
        const char *key = json_object_iter_key(at);
        size_t i = 0;
        while (known[i] != NULL && strcmp(known[i], key) != 0)
            i++;
        if (known[i] != NULL)
            continue;
        const char *near = near_word(key, known);
        return err_set(err, "policy: \"%.60s\" is not known in \"%s\" (step-ca would ignore it)%s%s%s", key,
                       place, near != NULL ? "; is \"" : "; remove it", near != NULL ? near : "",
                       near != NULL ? "\" meant?" : "");
    }
    return true;
}

static bool entries_check(const json_t *entries, const char *type, const char *place, struct err *err)
{
    if (!json_is_array(entries))
        return err_set(err, "policy: \"%s.%s\" must be a list of strings", place, type);
    size_t i;
    json_t *entry;
    json_array_foreach(entries, i, entry)
    {
        if (!json_is_string(entry))
            return err_set(err, "policy: \"%s.%s\" must be a list of strings", place, type);
        if (strcmp(type, "principal") != 0 && !policy_entry_check(type, json_string_value(entry), err))
            return false;
    }
    return true;
}

/* {"allow": {type: [entries]}, "deny": the same}; other members were judged by the caller. */
static bool rules_check(const json_t *rules, const char *place, const char *const *types, struct err *err)
{
    static const char *const sides[] = {"allow", "deny", NULL};
    for (size_t s = 0; sides[s] != NULL; s++) {
        const json_t *side = json_object_get(rules, sides[s]);
        if (side == NULL)
            continue;
        OWN(char) *where = text_format("%s.%s", place, sides[s]);
        if (!members_check(side, where, types, err))
            return false;
        for (size_t t = 0; types[t] != NULL; t++) {
            const json_t *entries = json_object_get(side, types[t]);
            if (entries != NULL && !entries_check(entries, types[t], where, err))
                return false;
        }
    }
    return true;
}

static bool x509_check(const json_t *x509, struct err *err)
{
    static const char *const known[] = {"allow", "deny", "allowWildcardNames", NULL};
    if (!members_check(x509, "x509", known, err))
        return false;
    const json_t *wildcards = json_object_get(x509, "allowWildcardNames");
    if (wildcards != NULL && !json_is_boolean(wildcards))
        return err_set(err, "policy: \"x509.allowWildcardNames\" must be true or false");
    return rules_check(x509, "x509", name_types, err);
}

static bool ssh_check(const json_t *ssh, struct err *err)
{
    static const char *const known[] = {"user", "host", NULL};
    static const char *const sides[] = {"allow", "deny", NULL};
    if (!members_check(ssh, "ssh", known, err))
        return false;
    for (size_t i = 0; known[i] != NULL; i++) {
        const json_t *rules = json_object_get(ssh, known[i]);
        OWN(char) *place = text_format("ssh.%s", known[i]);
        if (rules != NULL &&
            (!members_check(rules, place, sides, err) || !rules_check(rules, place, ssh_types, err)))
            return false;
    }
    return true;
}

bool policy_check(const json_t *policy, struct err *err)
{
    static const char *const known[] = {"x509", "ssh", NULL};
    if (!members_check(policy, "policy", known, err))
        return false;
    const json_t *x509 = json_object_get(policy, "x509"), *ssh = json_object_get(policy, "ssh");
    return (x509 == NULL || x509_check(x509, err)) && (ssh == NULL || ssh_check(ssh, err));
}

#include "policy.h"

#include "gotext.h"
#include "host.h"
#include "idna.h"
#include "near.h"
#include "policy_names.h"

#include <string.h>

static const char *const name_types[] = {"cn", "dns", "ip", "email", "uri", NULL};
static const char *const ssh_types[] = {"dns", "ip", "email", "principal", NULL};

/* ---- one entry: step-ca's verdict in better words ---- */

static bool contains(const char *text, const char *part)
{
    return strstr(text, part) != NULL;
}

static const char *domain_fault(const char *name)
{
    OWN_STRUCT(scratch) ascii = {0};
    const char *fault = NULL;
    if (*name == 0)
        return "has an empty label; remove the extra dot, a trailing one too";
    if (idna_lookup(&ascii, name, NULL))
        return host_name_fault(ascii.text);
    for (const char *c = name; *c != 0; c++)
        if ((unsigned char)*c >= 0x80)
            return "is no domain name under IDNA (UTS 46, lookup); use letters, digits and hyphens";
    fault = host_name_fault(name);
    return fault != NULL ? fault
                         : "has a label that is no Punycode, or hyphens in third and fourth place "
                           "(RFC 5891 4.2.3.1)";
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
    struct policy_range range;
    const char *slash = strchr(text, '/');
    OWN(char) *address = text_format("%.*s", (int)strcspn(text, "/"), text);
    if (policy_range_read(&range, text))
        return NULL;
    if (slash != NULL && policy_address_read(&range, address) && slash[1] != 0 &&
        slash[1 + strspn(slash + 1, "0123456789")] == 0)
        return "has a prefix longer than its address";
    return "is neither an address nor a range; write 10.0.0.1, 10.0.0.0/24 or 2001:db8::/32, no leading "
           "zeros";
}

static const char *mailbox_fault(const char *text)
{
    OWN_STRUCT(scratch) local = {0};
    OWN_STRUCT(scratch) again = {0};
    const char *domain;
    const char *at = strchr(text, '@');
    for (const char *c = at; *c != 0; c++)
        if ((unsigned char)*c >= 0x80)
            return "has a domain outside ASCII, which step-ca takes only without a local part; write its "
                   "xn-- form";
    if (!policy_mailbox_read(&local, &domain, text))
        return policy_domain_reads(at + 1) ? "has no legal local part before the @ (RFC 2821 4.1.2)"
                                           : "has an empty label; remove the extra dot, a trailing one too";
    OWN(char) *kept = text_format("%s@%s", local.text, domain);
    if (!policy_mailbox_read(&again, &domain, kept) || strcmp(again.text, local.text) != 0)
        return "has a local part that step-ca cannot compare once its quotes are gone: every address would "
               "be "
               "refused with 500; leave the local part out, or use letters, digits and dots";
    return domain_fault(at + 1);
}

static const char *email_fault(const char *text)
{
    const char *at = strchr(text, '@');
    if (contains(text, "*"))
        return "holds a '*', which email entries have not; write the domain alone for all of its addresses";
    if (at != NULL && strchr(at + 1, '@') != NULL)
        return "has more than one @";
    if (at != NULL && at[1] == 0)
        return "has no domain behind the @ (\"@\" alone makes step-ca crash); write user@domain, @domain or "
               "domain";
    const char *domain = at != NULL ? at + 1 : text;
    if (domain[0] == '.')
        return "has a domain that begins with a dot; subdomains cannot be allowed this way";
    return at != NULL && at != text ? mailbox_fault(text) : domain_fault(domain);
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
    const char *(*fault)(const char *lower);
} checkers[] = {
    {"cn", cn_fault}, {"dns", dns_fault}, {"ip", ip_fault}, {"email", email_fault}, {"uri", uri_fault},
};

bool policy_entry_check(const char *type, const char *entry, struct err *err)
{
    for (size_t i = 0; i < sizeof checkers / sizeof checkers[0]; i++) {
        if (strcmp(checkers[i].type, type) != 0)
            continue;
        /* An address is the one kind that step-ca does not trim. */
        OWN(char) *lower = strcmp(type, "ip") == 0 ? text_copy(entry) : gotext_lower(entry);
        const char *fault = *lower == 0 ? "is empty; remove it" : checkers[i].fault(lower);
        if (fault != NULL)
            return err_set(err, "policy: %s entry \"%.200s\" %s", type, entry, fault);
        OWN_STRUCT(scratch) normal = {0};
        return policy_entry_normal(&normal, policy_type_find(type), entry, false, err) ||
               err_wrap(err, "policy: step-ca does not start with this entry");
    }
    return err_set(err, "policy: \"%.40s\" is no kind of name; use cn, dns, ip, email or uri", type);
}

bool policy_entry_loads(const char *type, const char *entry)
{
    struct err err = {0};
    OWN_STRUCT(scratch) normal = {0};
    return policy_entry_normal(&normal, policy_type_find(type), entry, false, &err);
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

#include "policy_names.h"

#include "gotext.h"
#include "idna.h"

#include <string.h>

/* Each entry is read in step-ca's own order of questions, for the first that fails is the answer. The
 * misspelling "contraint" is step-ca's. */

static bool contains(const char *text, const char *part)
{
    return strstr(text, part) != NULL;
}

static bool starts(const char *text, const char *start)
{
    return strncmp(text, start, strlen(start)) == 0;
}

static bool star_inside(const char *text)
{
    const char *star = strrchr(text, '*');
    return star != NULL && star != text;
}

/* What is wrong, around the entry in quotes. */
static bool fault(struct err *err, const char *before, const char *entry, const char *after)
{
    OWN_STRUCT(bytes) quoted = {0};
    gotext_quote(&quoted, entry);
    return err_set(err, "%s %s%s", before, bytes_string(&quoted), after);
}

static bool ascii_fault(struct err *err, const char *before, const char *entry, const char *after)
{
    OWN_STRUCT(bytes) why = {0};
    bytes_format(&why, "%s: %s", after, err->text);
    return fault(err, before, entry, bytes_string(&why));
}

static bool cn_normal(struct scratch *out, const char *entry, const char *lower, struct err *err)
{
    if (*lower == 0)
        return fault(err, "contraint", entry, " can not be empty or white space string");
    if (strcmp(lower, "*") == 0)
        return fault(err, "wildcard constraint", entry, " is not supported");
    scratch_set(out, lower, strlen(lower));
    return true;
}

/* "*.x" loses its star. */
static bool domain_normal(struct scratch *out, const char *entry, const char *lower, const char *what,
                          const char *no_ascii, struct err *err)
{
    OWN(char) *cannot = text_format("cannot parse %s", what);
    if (!idna_lookup(out, starts(lower, "*.") ? lower + 1 : lower, err))
        return ascii_fault(err, what, entry, no_ascii);
    return policy_domain_reads(out->text) || fault(err, cannot, entry, "");
}

/* What dns and uri entries share. */
static bool wildcard_check(const char *entry, const char *lower, const char *what, struct err *err)
{
    if (contains(lower, ".."))
        return fault(err, what, entry, " cannot have empty labels");
    if (lower[0] == '.')
        return fault(err, what, entry, " with wildcard should start with *");
    return !star_inside(lower) || fault(err, what, entry, " can only have wildcard as starting character");
}

static bool dns_normal(struct scratch *out, const char *entry, const char *lower, struct err *err)
{
    static const char *const what = "domain constraint";
    if (*lower == 0)
        return fault(err, "contraint", entry, " can not be empty or white space string");
    if (!wildcard_check(entry, lower, what, err))
        return false;
    if (lower[0] == '*' && lower[1] != 0 && lower[1] != '.')
        return fault(err, "wildcard character in domain constraint", entry,
                     " can only be used to match (full) labels");
    return domain_normal(out, entry, lower, what, " can not be converted to ASCII", err);
}

static bool mailbox_normal(struct scratch *out, const char *entry, const char *lower, struct err *err)
{
    OWN_STRUCT(scratch) local = {0};
    const char *domain;
    if (!policy_mailbox_read(&local, &domain, lower))
        return fault(err, "cannot parse email constraint", entry, " as RFC 2821 mailbox");
    OWN_STRUCT(scratch) ascii = {0};
    if (!idna_lookup(&ascii, domain, err)) {
        OWN_STRUCT(bytes) part = {0};
        bytes_text(&part, " domain part ");
        gotext_quote(&part, domain);
        bytes_text(&part, " cannot be converted to ASCII");
        return ascii_fault(err, "email constraint", entry, bytes_string(&part));
    }
    OWN(char) *whole = text_format("%s@%s", local.text, ascii.text);
    if (!policy_domain_reads(whole))
        return fault(err, "cannot parse email domain constraint", entry, "");
    scratch_set(out, whole, strlen(whole));
    return true;
}

static bool email_normal(struct scratch *out, const char *entry, const char *lower, struct err *err)
{
    const char *at = strchr(lower, '@');
    if (*lower == 0)
        return fault(err, "email contraint", entry, " can not be empty or white space string");
    if (contains(lower, "*"))
        return fault(err, "email constraint", entry, " cannot contain asterisk wildcard");
    if (at != NULL && strchr(at + 1, '@') != NULL)
        return fault(err, "email constraint", entry, " contains too many @ characters");
    lower += *lower == '@';
    if (*lower == 0)
        return fault(err, "email constraint", entry, " makes step-ca crash (index out of range)");
    if (*lower == '.')
        return fault(err, "email constraint", entry, " cannot start with period");
    if (contains(lower, "@"))
        return mailbox_normal(out, entry, lower, err);
    if (!idna_lookup(out, lower, err))
        return ascii_fault(err, "email constraint", entry, " cannot be converted to ASCII");
    return policy_domain_reads(out->text) || fault(err, "cannot parse email domain constraint", entry, "");
}

static bool uri_normal(struct scratch *out, const char *entry, const char *lower, struct err *err)
{
    static const char *const what = "URI domain constraint";
    struct gourl_part host;
    struct policy_range address;
    if (*lower == 0)
        return fault(err, "URI domain contraint", entry, " cannot be empty or white space string");
    if (contains(lower, "://"))
        return fault(err, what, entry, " contains scheme (not supported yet)");
    if (!wildcard_check(entry, lower, what, err))
        return false;
    const char *bare = starts(lower, "*.") ? lower + 1 : lower;
    if (strpbrk(bare, "[]") != NULL)
        return fault(err, what, entry, " contains invalid square brackets");
    if (gourl_host_split(&host, bare) == NULL)
        return fault(err, what, entry, " cannot contain port");
    if (policy_address_read(&address, bare))
        return fault(err, what, entry, " cannot be an IP");
    return domain_normal(out, entry, lower, what, " cannot be converted to ASCII", err);
}

static bool ip_normal(struct scratch *out, const char *entry, struct err *err)
{
    char text[POLICY_ADDRESS_TEXT];
    struct policy_range range;
    if (!policy_range_read(&range, entry))
        return fault(err, "constraint", entry, " as IP nor CIDR");
    policy_address_text(text, &range);
    OWN(char) *whole = text_format("%s/%u", text, range.bits);
    scratch_set(out, whole, strlen(whole));
    return true;
}

static bool typed_normal(struct scratch *out, enum policy_type type, const char *entry, struct err *err)
{
    OWN(char) *lower = gotext_lower(entry);
    switch (type) {
    case POLICY_CN:
        return cn_normal(out, entry, lower, err);
    case POLICY_DNS:
        return dns_normal(out, entry, lower, err);
    case POLICY_IP:
        return ip_normal(out, entry, err);
    case POLICY_EMAIL:
        return email_normal(out, entry, lower, err);
    case POLICY_URI:
        return uri_normal(out, entry, lower, err);
    default:
        scratch_set(out, entry, strlen(entry));
        return true;
    }
}

bool policy_entry_normal(struct scratch *out, enum policy_type type, const char *entry, bool deny,
                         struct err *err)
{
    static const char *const kinds[POLICY_TYPES] = {
        [POLICY_CN] = " common name", [POLICY_DNS] = " domain",     [POLICY_IP] = "",
        [POLICY_EMAIL] = " email",    [POLICY_URI] = " URI domain", [POLICY_PRINCIPAL] = "",
    };
    const char *side = deny ? "excluded" : "permitted";
    struct err why = {0};
    if (typed_normal(out, type, entry, &why))
        return true;
    if (type == POLICY_IP)
        return err_set(err, "cannot parse %s %s", side, why.text);
    OWN_STRUCT(bytes) quoted = {0};
    gotext_quote(&quoted, entry);
    return err_set(err, "cannot parse %s%s constraint %s: %s", side, kinds[type], bytes_string(&quoted),
                   why.text);
}

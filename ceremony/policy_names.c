#include "policy_names.h"

#include "gotext.h"

#include <arpa/inet.h>
#include <string.h>

static const char *const words[POLICY_TYPES] = {
    [POLICY_CN] = "cn",       [POLICY_DNS] = "dns", [POLICY_IP] = "ip",
    [POLICY_EMAIL] = "email", [POLICY_URI] = "uri", [POLICY_PRINCIPAL] = "principal",
};

const char *policy_type_word(enum policy_type type)
{
    return words[type];
}

enum policy_type policy_type_find(const char *word)
{
    enum policy_type type = POLICY_CN;
    while (type < POLICY_TYPES && strcmp(words[type], word) != 0)
        type++;
    return type;
}

enum policy_type policy_classify(const char *name)
{
    struct policy_range address;
    struct gourl url;
    bool colon = strchr(name, ':') != NULL;
    if (policy_address_read(&address, name))
        return POLICY_IP;
    if (colon && gourl_parse(&url, name)) {
        bool scheme = url.scheme.len > 0;
        gourl_free(&url);
        if (scheme)
            return POLICY_URI;
    }
    return strchr(name, '@') != NULL ? POLICY_EMAIL : POLICY_DNS;
}

bool policy_domain_reads(const char *domain)
{
    char before = domain[0] == '.' && domain[1] != 0 ? 'x' : '.';
    if (domain[0] == 0)
        return true;
    for (; *domain != 0; domain++) {
        if (*domain <= ' ' || *domain > '~' || (*domain == '.' && before == '.'))
            return false;
        before = *domain;
    }
    return before != '.';
}

/* ---- mailboxes ---- */

/* Between the quotes. Returns what stands behind them, or NULL. */
static const char *quoted_read(char *to, size_t *len, const char *text)
{
    for (; *text != 0 && *text != '"'; text++) {
        bool escaped = *text == '\\';
        text += escaped;
        unsigned char c = (unsigned char)*text;
        bool blank = c == '\n' || c == '\r' || (c == '\t' && !escaped);
        if (c == 0 || c > 0x7F || blank)
            return NULL;
        to[(*len)++] = (char)c;
    }
    return *text == '"' ? text + 1 : NULL;
}

static bool is_atom_letter(char c)
{
    return c != 0 &&
           strchr("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789!#$%&'*+-/=?^_`{|}~.", c) !=
               NULL;
}

/* Without quotes, but with backslashes, behind which anything is taken. */
static const char *atom_read(char *to, size_t *len, const char *text)
{
    for (; is_atom_letter(*text) || *text == '\\'; text++) {
        text += *text == '\\';
        if (*text == 0)
            return NULL;
        to[(*len)++] = *text;
    }
    bool dots = *len == 0 || to[0] == '.' || to[*len - 1] == '.' || memmem(to, *len, "..", 2) != NULL;
    return dots ? NULL : text;
}

bool policy_mailbox_read(struct scratch *local, const char **domain, const char *text)
{
    size_t len = 0;
    char *to = scratch_room(local, strlen(text));
    const char *at = *text == '"' ? quoted_read(to, &len, text + 1) : atom_read(to, &len, text);
    if (at == NULL || *at != '@' || !policy_domain_reads(at + 1))
        return false;
    to[len] = 0;
    local->len = len;
    *domain = at + 1;
    return true;
}

/* ---- addresses ---- */

static const unsigned char mapped[12] = {[10] = 0xFF, [11] = 0xFF};

void policy_range_mask(struct policy_range *range, unsigned bits)
{
    range->bits = bits;
    for (unsigned i = 0; i < range->size; i++) {
        unsigned kept = bits > 8 * i ? bits - 8 * i : 0;
        if (kept < 8)
            range->address[i] &= (unsigned char)(0xFF00u >> kept);
    }
}

/* Go keeps IPv4 inside IPv6 as IPv4 wherever the prefix covers the part that says so. */
static void range_unmap(struct policy_range *range)
{
    if (range->size != 16 || range->bits < 96 || memcmp(range->address, mapped, sizeof mapped) != 0)
        return;
    memmove(range->address, range->address + 12, 4);
    memset(range->address + 4, 0, 12);
    range->size = 4;
    range->bits -= 96;
}

static bool address_read(struct policy_range *out, const char *text)
{
    struct policy_range range = {.size = 4, .bits = 32};
    if (inet_pton(AF_INET, text, range.address) != 1) {
        range.size = 16;
        range.bits = 128;
        if (inet_pton(AF_INET6, text, range.address) != 1)
            return false;
    }
    *out = range;
    return true;
}

bool policy_address_read(struct policy_range *out, const char *text)
{
    size_t len = strlen(text);
    /* Nearly every name ends here: no address ends so. */
    if (len == 0 || len >= POLICY_ADDRESS_TEXT || strchr("0123456789abcdefABCDEF:", text[len - 1]) == NULL ||
        !address_read(out, text))
        return false;
    range_unmap(out);
    return true;
}

bool policy_range_read(struct policy_range *out, const char *text)
{
    char address[POLICY_ADDRESS_TEXT];
    const char *slash = strchr(text, '/');
    if (slash == NULL)
        return policy_address_read(out, text);
    size_t len = (size_t)(slash - text), digits = strlen(slash + 1);
    if (len >= sizeof address || digits == 0 || strspn(slash + 1, "0123456789") != digits)
        return false;
    memcpy(address, text, len);
    address[len] = 0;
    struct policy_range range;
    unsigned long bits = strtoul(slash + 1, NULL, 10);
    if (!address_read(&range, address) || bits > range.bits)
        return false;
    policy_range_mask(&range, (unsigned)bits);
    range_unmap(&range);
    *out = range;
    return true;
}

bool policy_range_holds(const struct policy_range *range, const struct policy_range *inner)
{
    struct policy_range masked = *inner;
    if (range->size != inner->size || inner->bits < range->bits)
        return false;
    policy_range_mask(&masked, range->bits);
    return memcmp(masked.address, range->address, range->size) == 0;
}

/* The longest run of zero groups, two at least. */
static unsigned zeros_find(const unsigned group[8], unsigned *len)
{
    unsigned best = 8;
    *len = 1;
    for (unsigned i = 0; i < 8; i++) {
        unsigned n = 0;
        while (i + n < 8 && group[i + n] == 0)
            n++;
        if (n > *len) {
            *len = n;
            best = i;
        }
    }
    return best;
}

void policy_address_text(char text[POLICY_ADDRESS_TEXT], const struct policy_range *range)
{
    const unsigned char *a = range->address;
    unsigned group[8], zeros = 0, len = 0;
    if (range->size == 4) {
        snprintf(text, POLICY_ADDRESS_TEXT, "%u.%u.%u.%u", a[0], a[1], a[2], a[3]);
        return;
    }
    for (unsigned i = 0; i < 8; i++)
        group[i] = (unsigned)a[2 * i] << 8 | a[2 * i + 1];
    unsigned first = zeros_find(group, &zeros);
    for (unsigned i = 0; i < 8; i++) {
        const char *colon = i > 0 && !(first < 8 && i == first + zeros) ? ":" : "";
        if (i == first) {
            len += (unsigned)snprintf(text + len, POLICY_ADDRESS_TEXT - len, "::");
            i += zeros - 1;
        } else {
            len += (unsigned)snprintf(text + len, POLICY_ADDRESS_TEXT - len, "%s%x", colon, group[i]);
        }
    }
}

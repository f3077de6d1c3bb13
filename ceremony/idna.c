#include "idna.h"

#include "gotext.h"

#include <idn2.h>
#include <string.h>

#define ACE "xn--"

/* ---- Punycode (RFC 3492) ---- */

enum { BASE = 36, T_MIN = 1, T_MAX = 26, SKEW = 38, DAMP = 700, BIAS = 72, FIRST = 128, RUNE_MAX = 0x10FFFF };

static uint32_t digit_of(char c)
{
    if (c >= '0' && c <= '9')
        return (uint32_t)(c - '0') + 26;
    c = gotext_lower_ascii(c);
    return c >= 'a' && c <= 'z' ? (uint32_t)(c - 'a') : BASE;
}

static uint32_t bias_adapt(uint32_t delta, uint32_t count, bool first)
{
    uint32_t k = 0;
    delta = first ? delta / DAMP : delta / 2;
    for (delta += delta / count; delta > (BASE - T_MIN) * T_MAX / 2; k += BASE)
        delta /= BASE - T_MIN;
    return k + (BASE - T_MIN + 1) * delta / (delta + SKEW);
}

/* One generalized integer. Returns how many characters it has, 0 when it is none. */
static size_t integer_read(uint64_t *out, const char *text, size_t len, uint32_t bias)
{
    uint64_t value = 0, weight = 1;
    uint32_t k = BASE;
    for (size_t i = 0; i < len; i++, k += BASE) {
        uint32_t digit = digit_of(text[i]);
        uint32_t t = k <= bias ? T_MIN : k >= bias + T_MAX ? T_MAX : k - bias;
        value += digit * weight;
        if (digit >= BASE || value > INT32_MAX)
            return 0;
        if (digit < t) {
            *out = value;
            return i + 1;
        }
        weight *= BASE - t;
        if (weight > INT32_MAX)
            return 0;
    }
    return 0;
}

typedef uint32_t runes;
OWN_DEFINE(runes, free);

static void runes_add(struct bytes *out, const uint32_t *rune, size_t count)
{
    for (size_t i = 0; i < count; i++)
        gotext_add_rune(out, rune[i]);
}

/* What stands behind "xn--", as UTF-8. */
static bool puny_decode(struct bytes *out, const char *text, size_t len)
{
    const char *hyphen = memrchr(text, '-', len);
    size_t basic = hyphen != NULL ? (size_t)(hyphen - text) : 0, at = hyphen != NULL ? basic + 1 : 0;
    OWN(runes) *rune = memory_new(len + 1, sizeof *rune);
    size_t count = basic;
    uint32_t bias = BIAS;
    uint64_t n = FIRST, i = 0;
    if (at == 1 || at == len)
        return false;
    for (size_t b = 0; b < basic; b++)
        rune[b] = (unsigned char)text[b];
    while (at < len) {
        uint64_t delta;
        size_t read = integer_read(&delta, text + at, len - at, bias);
        if (read == 0)
            return false;
        at += read;
        count++;
        bias = bias_adapt((uint32_t)delta, (uint32_t)count, count == basic + 1);
        i += delta;
        n += i / count;
        i %= count;
        if (n > RUNE_MAX || (n >= 0xD800 && n < 0xE000))
            return false;
        memmove(rune + i + 1, rune + i, (count - 1 - i) * sizeof *rune);
        rune[i++] = (uint32_t)n;
    }
    runes_add(out, rune, count);
    return true;
}

static bool is_ace(const char *label, size_t len)
{
    return len >= strlen(ACE) && strncmp(label, ACE, strlen(ACE)) == 0;
}

bool idna_decodes(const char *name)
{
    for (;; name++) {
        size_t len = strcspn(name, ".");
        OWN_STRUCT(bytes) decoded = {0};
        if (is_ace(name, len) && !puny_decode(&decoded, name + strlen(ACE), len - strlen(ACE)))
            return false;
        name += len;
        if (*name == 0)
            return true;
    }
}

/* ---- ASCII ---- */

enum verdict { GOOD, BAD, UNDECIDED };

static bool is_host_letter(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '.';
}

static bool label_is_good(const char *label, size_t len)
{
    if (len == 0)
        return true;
    return label[0] != '-' && label[len - 1] != '-' && !(len > 4 && label[2] == '-' && label[3] == '-');
}

/* What needs no tables: nearly every name. UNDECIDED: it holds something outside ASCII, or an A-label. */
static enum verdict ascii_lookup(struct scratch *out, const char *name)
{
    size_t len = strlen(name), start = 0;
    char *to = scratch_room(out, len);
    enum verdict verdict = GOOD;
    for (size_t i = 0; i < len; i++) {
        if ((unsigned char)name[i] >= 0x80)
            return UNDECIDED;
        to[i] = gotext_lower_ascii(name[i]);
        if (!is_host_letter(to[i]))
            verdict = BAD;
    }
    for (size_t i = 0; i <= len; i++) {
        if (i < len && to[i] != '.')
            continue;
        if (is_ace(to + start, i - start))
            return UNDECIDED;
        if (!label_is_good(to + start, i - start))
            verdict = BAD;
        start = i + 1;
    }
    return verdict;
}

/* ---- the rest ---- */

static void ascii_free(uint8_t **name)
{
    if (*name != NULL)
        idn2_free(*name);
}
#define OWN_ASCII __attribute__((cleanup(ascii_free))) uint8_t

/* What the mapping drops, wherever it stands. */
static bool rune_is_ignored(uint32_t rune)
{
    return rune == 0xAD || rune == 0x34F || (rune >= 0x180B && rune <= 0x180D) || rune == 0x180F ||
           rune == 0x200B || rune == 0x2060 || rune == 0x2064 || (rune >= 0xFE00 && rune <= 0xFE0F) ||
           rune == 0xFEFF || (rune >= 0x1BCA0 && rune <= 0x1BCA3) || (rune >= 0xE0100 && rune <= 0xE01EF);
}

/* The label that ends where `out` does: an A-label of nothing is nothing. */
static void label_end(struct bytes *out)
{
    if (out->data == NULL)
        return;
    char *text = (char *)out->data, *dot = strrchr(text, '.'), *label = dot != NULL ? dot + 1 : text;
    if (strcmp(label, ACE) == 0) {
        *label = 0;
        out->len -= strlen(ACE);
    }
}

/* Without what is dropped, with plain dots and lower-case ASCII. */
static void name_tidy(struct bytes *out, const char *name)
{
    for (size_t len; *name != 0; name += len) {
        uint32_t rune = gotext_rune(name, &len);
        if (rune == 0x3002 || rune == 0xFF0E || rune == 0xFF61)
            rune = '.';
        if (rune == '.')
            label_end(out);
        if (rune < 0x80)
            rune = (uint32_t)gotext_lower_ascii((char)rune);
        if (!rune_is_ignored(rune))
            gotext_add_rune(out, rune);
    }
    label_end(out);
}

/* A label as it reads, whatever it is written as. */
static void label_decode(struct bytes *out, const char *label, size_t len)
{
    if (!is_ace(label, len) || !puny_decode(out, label + strlen(ACE), len - strlen(ACE)))
        bytes_add(out, label, len);
}

static bool has_right_to_left(const char *label)
{
    for (size_t len; *label != 0; label += len) {
        uint32_t rune = gotext_rune(label, &len);
        if ((rune >= 0x590 && rune <= 0x8FF) || (rune >= 0xFB1D && rune <= 0xFDFF) ||
            (rune >= 0xFE70 && rune <= 0xFEFF) || (rune >= 0x10800 && rune <= 0x10FFF) ||
            (rune >= 0x1E800 && rune <= 0x1EFFF))
            return true;
    }
    return false;
}

/* Where one label is written from right to left, none may begin with a digit (RFC 5893 2); libidn2 looks at
 * each label by itself. */
static bool directions_clash(const char *name)
{
    bool digit = false, right_to_left = false;
    for (; *name != 0; name += *name == '.') {
        size_t len = strcspn(name, ".");
        OWN_STRUCT(bytes) label = {0};
        label_decode(&label, name, len);
        digit = digit || (*name >= '0' && *name <= '9');
        right_to_left = right_to_left || has_right_to_left(bytes_string(&label));
        name += len;
    }
    return digit && right_to_left;
}

/* libidn2 does not refuse what STD3 forbids, it drops it ("a_b" becomes "ab"): so ask twice and compare. */
static bool idn_lookup(struct bytes *out, const char *name)
{
    OWN_ASCII *ascii = NULL, *strict = NULL;
    const uint8_t *source = (const uint8_t *)name;
    int flags = IDN2_NFC_INPUT | IDN2_NONTRANSITIONAL;
    if (idn2_lookup_u8(source, &ascii, flags) != IDN2_OK ||
        idn2_lookup_u8(source, &strict, flags | IDN2_USE_STD3_ASCII_RULES) != IDN2_OK ||
        strcmp((const char *)ascii, (const char *)strict) != 0)
        return false;
    for (const char *c = (const char *)ascii; *c != 0; c++)
        if (!is_host_letter(*c))
            return false;
    bytes_text(out, (const char *)ascii);
    return true;
}

/* libidn2 wants no empty labels, Go does not mind them: the others are converted together, for writing
 * direction is a matter of the whole name, and put back between the dots. */
static bool labels_lookup(struct bytes *out, const char *name)
{
    OWN_STRUCT(bytes) dense = {0};
    OWN_STRUCT(bytes) converted = {0};
    for (const char *at = name; *at != 0; at++)
        if (*at != '.' || (dense.len > 0 && at[1] != '.' && at[1] != 0))
            bytes_add(&dense, at, 1);
    if (directions_clash(name) || (dense.len > 0 && !idn_lookup(&converted, bytes_string(&dense))))
        return false;
    const char *next = bytes_string(&converted);
    while (*name != 0) {
        if (*name == '.') {
            bytes_text(out, ".");
            name++;
            continue;
        }
        size_t len = strcspn(next, ".");
        bytes_add(out, next, len);
        next += len + (next[len] == '.');
        name += strcspn(name, ".");
    }
    return true;
}

static bool rune_is_allowed(uint32_t rune)
{
    if (rune < 0x80)
        return is_host_letter((char)rune);
    OWN_STRUCT(bytes) probe = {0};
    OWN_STRUCT(bytes) converted = {0};
    OWN_ASCII *ascii = NULL;
    bytes_text(&probe, "a");
    gotext_add_rune(&probe, rune);
    int result = idn2_lookup_u8(probe.data, &ascii, IDN2_NFC_INPUT | IDN2_NONTRANSITIONAL);
    if (result == IDN2_OK)
        return idn_lookup(&converted, bytes_string(&probe));
    return result == IDN2_BIDI || result == IDN2_CONTEXTJ || result == IDN2_CONTEXTJ_NO_RULE;
}

static bool label_error(struct err *err, const char *label)
{
    OWN_STRUCT(bytes) quoted = {0};
    gotext_quote(&quoted, label);
    return err_set(err, "idna: invalid label %s", bytes_string(&quoted));
}

static bool label_explain(struct err *err, const char *label)
{
    OWN_STRUCT(bytes) decoded = {0};
    OWN_STRUCT(bytes) converted = {0};
    const char *shown = label;
    if (is_ace(label, strlen(label)))
        shown = puny_decode(&decoded, label + strlen(ACE), strlen(label) - strlen(ACE))
                    ? bytes_string(&decoded)
                    : label + strlen(ACE);
    return (label_is_good(shown, strlen(shown)) && idn_lookup(&converted, label)) || label_error(err, shown);
}

/* Why Go refuses it: the first character that may not be, else the first label; always false. */
static bool lookup_explain(struct err *err, const char *name)
{
    OWN_STRUCT(bytes) tidy = {0};
    name_tidy(&tidy, name);
    const char *at = bytes_string(&tidy);
    for (size_t len; *at != 0; at += len) {
        uint32_t rune = gotext_rune(at, &len);
        if (!rune_is_allowed(rune))
            return err_set(err, "idna: disallowed rune U+%04X", (unsigned)rune);
    }
    for (at = bytes_string(&tidy); *at != 0; at += *at == '.') {
        OWN(char) *label = text_format("%.*s", (int)strcspn(at, "."), at);
        at += strlen(label);
        if (*label != 0 && !has_right_to_left(label) && !label_explain(err, label))
            return false;
    }
    return label_error(err, bytes_string(&tidy));
}

bool idna_lookup(struct scratch *out, const char *name, struct err *err)
{
    enum verdict verdict = ascii_lookup(out, name);
    if (verdict == UNDECIDED) {
        OWN_STRUCT(bytes) tidy = {0};
        OWN_STRUCT(bytes) converted = {0};
        name_tidy(&tidy, name);
        if (labels_lookup(&converted, bytes_string(&tidy))) {
            scratch_set(out, bytes_string(&converted), converted.len);
            return true;
        }
        verdict = BAD;
    }
    return verdict == GOOD || (err != NULL && lookup_explain(err, name));
}

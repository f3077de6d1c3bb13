#include "gotext.h"

#include <locale.h>
#include <string.h>
#include <wctype.h>

#define REPLACEMENT 0xFFFD
#define COUNT(array) (sizeof(array) / sizeof(array)[0])

/* ---- UTF-8 ---- */

uint32_t gotext_rune(const char *text, size_t *len)
{
    static const uint32_t least[] = {0, 0, 0x80, 0x800, 0x10000};
    const unsigned char *c = (const unsigned char *)text;
    size_t size = c[0] < 0x80 ? 1 : c[0] < 0xC2 ? 0 : c[0] < 0xE0 ? 2 : c[0] < 0xF0 ? 3 : c[0] < 0xF5 ? 4 : 0;
    *len = c[0] != 0;
    if (size == 1)
        return c[0];
    if (size == 0)
        return REPLACEMENT;
    uint32_t rune = c[0] & (0x7Fu >> size);
    for (size_t i = 1; i < size; i++) {
        if ((c[i] & 0xC0) != 0x80)
            return REPLACEMENT;
        rune = rune << 6 | (c[i] & 0x3Fu);
    }
    if (rune < least[size] || rune > 0x10FFFF || (rune >= 0xD800 && rune < 0xE000))
        return REPLACEMENT;
    *len = size;
    return rune;
}

static size_t rune_write(char out[4], uint32_t rune)
{
    static const unsigned char marks[] = {0, 0, 0xC0, 0xE0, 0xF0};
    size_t size = rune < 0x80 ? 1 : rune < 0x800 ? 2 : rune < 0x10000 ? 3 : 4;
    for (size_t i = size - 1; i > 0; i--) {
        out[i] = (char)(0x80 | (rune & 0x3F));
        rune >>= 6;
    }
    out[0] = (char)(marks[size] | rune);
    return size;
}

void gotext_add_rune(struct bytes *out, uint32_t rune)
{
    char text[4];
    bytes_add(out, text, rune_write(text, rune));
}

/* ---- quoting ---- */

/* Outside ASCII: spaces, controls, format characters and private use (unicode.IsPrint says no). */
static bool rune_prints(uint32_t rune)
{
    static const uint32_t hidden[][2] = {
        {0x7F, 0xA0},       {0xAD, 0xAD},       {0x600, 0x605},     {0x61C, 0x61C},     {0x6DD, 0x6DD},
        {0x70F, 0x70F},     {0x890, 0x891},     {0x8E2, 0x8E2},     {0x1680, 0x1680},   {0x180E, 0x180E},
        {0x2000, 0x200F},   {0x2028, 0x202F},   {0x205F, 0x206F},   {0x3000, 0x3000},   {0xE000, 0xF8FF},
        {0xFEFF, 0xFEFF},   {0xFFF0, 0xFFFB},   {0xFFFE, 0xFFFF},   {0x110BD, 0x110BD}, {0x110CD, 0x110CD},
        {0x13430, 0x1343F}, {0x1BCA0, 0x1BCA3}, {0x1D173, 0x1D17A}, {0xE0000, 0xE007F}, {0xF0000, 0x10FFFF},
    };
    for (size_t i = 0; i < COUNT(hidden); i++)
        if (rune >= hidden[i][0] && rune <= hidden[i][1])
            return false;
    return rune >= ' ';
}

static void quote_rune(struct bytes *out, uint32_t rune)
{
    static const char named[] = "\a\b\f\n\r\t\v\\\"", signs[] = "abfnrtv\\\"";
    const char *known = rune < 0x80 ? strchr(named, (int)rune) : NULL;
    if (known != NULL)
        bytes_format(out, "\\%c", signs[known - named]);
    else if (rune_prints(rune))
        gotext_add_rune(out, rune);
    else if (rune < ' ' || rune == 0x7F)
        bytes_format(out, "\\x%02x", (unsigned)rune);
    else
        bytes_format(out, rune < 0x10000 ? "\\u%04x" : "\\U%08x", (unsigned)rune);
}

void gotext_quote(struct bytes *out, const char *text)
{
    bytes_text(out, "\"");
    for (size_t len; *text != 0; text += len) {
        uint32_t rune = gotext_rune(text, &len);
        if (rune == REPLACEMENT && len == 1)
            bytes_format(out, "\\x%02x", (unsigned char)*text);
        else
            quote_rune(out, rune);
    }
    bytes_text(out, "\"");
}

/* ---- letter case ---- */

typedef struct __locale_struct letters;

static void letters_free(letters *l)
{
    freelocale(l);
}
OWN_DEFINE(letters, letters_free);

/* Unicode's letters, whatever the environment says; where the C library lacks them (NULL), letters outside
 * ASCII keep their case. */
static letters *letters_new(void)
{
    return newlocale(LC_CTYPE_MASK, "C.UTF-8", NULL);
}

static uint32_t rune_lower(uint32_t rune, letters *l)
{
    return l != NULL ? (uint32_t)towlower_l((wint_t)rune, l) : rune;
}

static uint32_t rune_upper(uint32_t rune, letters *l)
{
    return l != NULL ? (uint32_t)towupper_l((wint_t)rune, l) : rune;
}

/* The dotted I and the dotless i have no other case in Go's orbits. */
static uint32_t rune_fold(uint32_t rune, letters *l)
{
    return rune == 0x130 || rune == 0x131 ? rune : rune_lower(rune_upper(rune, l), l);
}

char gotext_lower_ascii(char c)
{
    return c >= 'A' && c <= 'Z' ? (char)(c | 0x20) : c;
}

static bool is_ascii(const char *text)
{
    for (; *text != 0; text++)
        if ((unsigned char)*text >= 0x80)
            return false;
    return true;
}

static bool rune_is_space(uint32_t rune)
{
    return (rune >= '\t' && rune <= '\r') || rune == ' ' || rune == 0x85 || rune == 0xA0 || rune == 0x1680 ||
           (rune >= 0x2000 && rune <= 0x200A) || rune == 0x2028 || rune == 0x2029 || rune == 0x202F ||
           rune == 0x205F || rune == 0x3000;
}

char *gotext_lower(const char *text)
{
    size_t len, end = 0;
    while (rune_is_space(gotext_rune(text, &len)))
        text += len;
    for (size_t at = 0; text[at] != 0; at += len)
        if (!rune_is_space(gotext_rune(text + at, &len)))
            end = at + len;
    OWN(letters) *l = is_ascii(text) ? NULL : letters_new();
    OWN_STRUCT(bytes) out = {0};
    for (size_t at = 0; at < end; at += len) {
        uint32_t rune = gotext_rune(text + at, &len);
        gotext_add_rune(&out, rune < 0x80 ? (uint32_t)gotext_lower_ascii((char)rune) : rune_lower(rune, l));
    }
    return text_copy(bytes_string(&out));
}

void gotext_fold(struct scratch *out, const char *text)
{
    size_t len = strlen(text);
    char *to = scratch_room(out, len);
    if (is_ascii(text)) {
        for (size_t i = 0; i < len; i++)
            to[i] = gotext_lower_ascii(text[i]);
        return;
    }
    OWN(letters) *l = letters_new();
    OWN_STRUCT(bytes) folded = {0};
    for (; *text != 0; text += len) {
        uint32_t rune = gotext_rune(text, &len);
        gotext_add_rune(&folded, rune < 0x80 ? (uint32_t)gotext_lower_ascii((char)rune) : rune_fold(rune, l));
    }
    scratch_set(out, bytes_string(&folded), folded.len);
}

#include "visible.h"

size_t utf8_read(uint32_t *point, const unsigned char *text, size_t left)
{
    static const uint32_t lowest[] = {0, 0, 0x80, 0x800, 0x10000};
    if (left == 0)
        return 0;
    const unsigned char first = text[0];
    size_t len = first < 0x80 ? 1 : first >> 5 == 6 ? 2 : first >> 4 == 14 ? 3 : first >> 3 == 30 ? 4 : 0;
    if (len == 0 || len > left)
        return 0;
    uint32_t value = len == 1 ? first : first & (0x7fu >> len);
    for (size_t i = 1; i < len; i++) {
        if ((text[i] & 0xc0) != 0x80)
            return 0;
        value = value << 6 | (text[i] & 0x3fu);
    }
    if (value < lowest[len] || value > 0x10ffff || (value >= 0xd800 && value <= 0xdfff))
        return 0;
    *point = value;
    return len;
}

/* In order, both ends included. */
static const struct range {
    uint32_t first, last;
} hidden[] = {
    {0x0, 0x1f},          /* C0 */
    {0x7f, 0xa0},         /* DEL, C1, no-break space */
    {0xad, 0xad},         /* soft hyphen */
    {0x34f, 0x34f},       /* combining grapheme joiner */
    {0x600, 0x605},       /* Arabic number signs (Cf) */
    {0x61c, 0x61c},       /* Arabic letter mark */
    {0x6dd, 0x6dd},       /* Arabic end of ayah (Cf) */
    {0x70f, 0x70f},       /* Syriac abbreviation mark (Cf) */
    {0x890, 0x891},       /* Arabic pound and piastre marks above (Cf) */
    {0x8e2, 0x8e2},       /* Arabic disputed end of ayah (Cf) */
    {0x115f, 0x1160},     /* Hangul fillers */
    {0x1680, 0x1680},     /* Ogham space */
    {0x17b4, 0x17b5},     /* Khmer inherent vowels */
    {0x180b, 0x180f},     /* Mongolian variation selectors, vowel separator */
    {0x2000, 0x200f},     /* spaces, zero width, marks of direction */
    {0x2028, 0x202f},     /* separators, embeddings and overrides, narrow space */
    {0x205f, 0x206f},     /* mathematical space, joiners, isolates */
    {0x2800, 0x2800},     /* Braille blank */
    {0x3000, 0x3000},     /* ideographic space */
    {0x3164, 0x3164},     /* Hangul filler */
    {0xd800, 0xf8ff},     /* surrogates, private use */
    {0xfdd0, 0xfdef},     /* noncharacters */
    {0xfe00, 0xfe0f},     /* variation selectors */
    {0xfeff, 0xfeff},     /* byte order mark */
    {0xffa0, 0xffa0},     /* halfwidth Hangul filler */
    {0xfff0, 0xfffb},     /* ignorable, interlinear annotation */
    {0x110bd, 0x110bd},   /* Kaithi number signs (Cf) */
    {0x110cd, 0x110cd},   /* the same, above */
    {0x13430, 0x1343f},   /* Egyptian format controls */
    {0x1bca0, 0x1bca3},   /* shorthand format controls */
    {0x1d159, 0x1d159},   /* null notehead */
    {0x1d173, 0x1d17a},   /* musical format controls */
    {0xe0000, UINT32_MAX} /* tags, variation selectors, private use, and behind the last */
};

bool point_is_hidden(uint32_t point)
{
    for (size_t i = 0; i < sizeof hidden / sizeof *hidden && point >= hidden[i].first; i++)
        if (point <= hidden[i].last)
            return true;
    return (point & 0xfffe) == 0xfffe; /* a noncharacter, in any plane */
}

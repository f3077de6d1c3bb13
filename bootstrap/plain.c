#include "plain.h"

#include <stdint.h>
#include <string.h>

/* Length of the UTF-8 sequence (RFC 3629) at `s` and its code point; 0 when it is none. */
static size_t utf8_read(uint32_t *point, const unsigned char *s)
{
    static const uint32_t lowest[] = {0, 0, 0x80, 0x800, 0x10000};
    size_t len = s[0] < 0x80             ? 1
                 : (s[0] & 0xe0) == 0xc0 ? 2
                 : (s[0] & 0xf0) == 0xe0 ? 3
                 : (s[0] & 0xf8) == 0xf0 ? 4
                                         : 0;
    if (len < 2) {
        *point = s[0];
        return len;
    }
    uint32_t value = s[0] & (0x7fu >> len);
    for (size_t i = 1; i < len; i++) {
        if ((s[i] & 0xc0) != 0x80)
            return 0;
        value = value << 6 | (s[i] & 0x3fu);
    }
    if (value < lowest[len] || value > 0x10ffff || (value >= 0xd800 && value <= 0xdfff))
        return 0;
    *point = value;
    return len;
}

/* Bidirectional marks and separators can make a line read as something else than what it is. */
static bool point_is_plain(uint32_t p)
{
    bool control = p < 0x20 || (p >= 0x7f && p <= 0x9f);
    bool direction = p == 0x61c || p == 0x200e || p == 0x200f || (p >= 0x202a && p <= 0x202e) ||
                     (p >= 0x2066 && p <= 0x2069);
    bool separator = p == 0x2028 || p == 0x2029 || p == 0xfeff;
    return p == '\n' || !(control || direction || separator);
}

void plain_add(struct bytes *out, const char *text)
{
    const unsigned char *s = (const unsigned char *)text;
    while (*s != 0) {
        uint32_t point = 0;
        size_t len = utf8_read(&point, s);
        if (len != 0 && point_is_plain(point)) {
            bytes_add(out, s, len);
        } else {
            len = len == 0 ? 1 : len;
            for (size_t i = 0; i < len; i++)
                bytes_format(out, "\\x%02x", s[i]);
        }
        s += len;
    }
}

bool plain_is_line(const char *text)
{
    OWN_STRUCT(bytes) shown = {0};
    plain_add(&shown, text);
    return strcmp(bytes_string(&shown), text) == 0 && strchr(text, '\n') == NULL;
}

/* A digest as people copy it from paper. */
#include "digest.h"

#include <ctype.h>
#include <string.h>
#include <strings.h>

/* The byte that a PGP word stands for at this place, or -1. */
static int word_value(const char *word, size_t len, size_t place)
{
    for (int value = 0; value < 256; value++) {
        char hex[5];
        snprintf(hex, sizeof hex, place % 2 == 0 ? "%02x" : "00%02x", (unsigned)value & 0xff);
        const char *candidate = digest_word(hex, place % 2);
        if (candidate != NULL && strlen(candidate) == len && strncasecmp(candidate, word, len) == 0)
            return value;
    }
    return -1;
}

static bool words_read(char head[DIGEST_HEX], const char *text)
{
    unsigned char raw[DIGEST_LEN];
    size_t place = 0;
    for (const char *at = text; *at != '\0';) {
        size_t len = 0;
        if (!isalpha((unsigned char)*at)) {
            at++;
            continue;
        }
        while (isalpha((unsigned char)at[len]))
            len++;
        int value = place < DIGEST_LEN ? word_value(at, len, place) : -1;
        if (value < 0)
            return false;
        raw[place++] = (unsigned char)value;
        at += len;
    }
    if (place != DIGEST_LEN)
        return false;
    hex_encode(head, raw, sizeof raw);
    return true;
}

static bool hex_read(char head[DIGEST_HEX], const char *text)
{
    char hex[DIGEST_HEX] = "";
    size_t len = 0;
    for (; *text != '\0'; text++) {
        if (isspace((unsigned char)*text) || *text == ':')
            continue;
        if (len == DIGEST_HEX - 1)
            return false;
        hex[len++] = (char)tolower((unsigned char)*text);
    }
    if (!digest_is_hex(hex))
        return false;
    memcpy(head, hex, DIGEST_HEX);
    return true;
}

bool digest_read(char hex[DIGEST_HEX], const char *text)
{
    return hex_read(hex, text) || words_read(hex, text);
}

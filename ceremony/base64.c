#include "base64.h"

#include <stdint.h>
#include <string.h>

static const char standard[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
static const char urlsafe[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

/* Returns the number of characters written, without padding. */
static size_t encode(char *text, const unsigned char *data, size_t len, const char *alphabet)
{
    size_t n = 0;
    for (size_t i = 0; i < len; i += 3) {
        size_t have = len - i < 3 ? len - i : 3;
        uint32_t bits = (uint32_t)data[i] << 16;
        if (have > 1)
            bits |= (uint32_t)data[i + 1] << 8;
        if (have > 2)
            bits |= data[i + 2];
        for (size_t j = 0; j <= have; j++)
            text[n++] = alphabet[bits >> (18 - 6 * j) & 63];
    }
    text[n] = 0;
    return n;
}

char *base64_encode(const void *data, size_t len)
{
    char *text = memory_new(len / 3 * 4 + 5, 1);
    size_t n = encode(text, data, len, standard);
    while (n % 4 != 0)
        text[n++] = '=';
    return text;
}

void base64url_write(char *text, const void *data, size_t len)
{
    encode(text, data, len, urlsafe);
}

char *base64url_encode(const void *data, size_t len)
{
    char *text = memory_new(BASE64URL_LEN(len) + 1, 1);
    base64url_write(text, data, len);
    return text;
}

static bool decode(struct bytes *out, const char *text, size_t len, const char *alphabet)
{
    OWN_STRUCT(bytes) data = {0};
    uint32_t bits = 0;
    unsigned have = 0;
    for (size_t i = 0; i < len; i++) {
        const char *at = memchr(alphabet, text[i], 64);
        if (at == NULL)
            return false;
        bits = bits << 6 | (uint32_t)(at - alphabet);
        have += 6;
        if (have >= 8) {
            have -= 8;
            unsigned char byte = (unsigned char)(bits >> have & 0xff);
            bytes_add(&data, &byte, 1);
        }
    }
    if (have >= 6 || (bits & ((1u << have) - 1)) != 0)
        return false;
    *out = bytes_give(&data);
    return true;
}

bool base64_decode(struct bytes *out, const char *text, struct err *err)
{
    size_t len = strlen(text);
    size_t padding = 0;
    while (padding < 2 && padding < len && text[len - 1 - padding] == '=')
        padding++;
    if (len % 4 != 0 || !decode(out, text, len - padding, standard))
        return err_set(err, "not base64 (RFC 4648 section 4, with padding)");
    return true;
}

bool base64url_decode(struct bytes *out, const char *text, struct err *err)
{
    if (!decode(out, text, strlen(text), urlsafe))
        return err_set(err, "not base64url (RFC 4648 section 5, without padding)");
    return true;
}

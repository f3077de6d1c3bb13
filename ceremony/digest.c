#include "digest.h"

#include "words.h"

#include <errno.h>
#include <fcntl.h>
#include <openssl/evp.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

const char digest_zero[DIGEST_HEX] = "0000000000000000000000000000000000000000000000000000000000000000";

OWN_DEFINE(EVP_MD_CTX, EVP_MD_CTX_free);

void hex_encode(char *hex, const void *data, size_t len)
{
    static const char digits[] = "0123456789abcdef";
    const unsigned char *byte = data;
    for (size_t i = 0; i < len; i++) {
        hex[2 * i] = digits[byte[i] >> 4];
        hex[2 * i + 1] = digits[byte[i] & 15];
    }
    hex[2 * len] = 0;
}

static unsigned hex_digit(char c)
{
    if (c >= '0' && c <= '9')
        return (unsigned)(c - '0');
    return (unsigned)((c | 32) - 'a' + 10) & 15u;
}

bool hex_decode(void *data, const char *hex, size_t len)
{
    unsigned char *byte = data;
    if (strlen(hex) != 2 * len || strspn(hex, "0123456789abcdefABCDEF") != 2 * len)
        return false;
    for (size_t i = 0; i < len; i++)
        byte[i] = (unsigned char)(hex_digit(hex[2 * i]) << 4 | hex_digit(hex[2 * i + 1]));
    return true;
}

void digest_raw(unsigned char raw[DIGEST_LEN], const void *data, size_t len)
{
    if (EVP_Digest(data, len, raw, NULL, EVP_sha256(), NULL) != 1)
        abort(); /* no SHA-256: nothing this program says would mean anything */
}

void digest_hex(char hex[DIGEST_HEX], const void *data, size_t len)
{
    unsigned char raw[DIGEST_LEN];
    digest_raw(raw, data, len);
    hex_encode(hex, raw, sizeof raw);
}

bool digest_is_hex(const char *text)
{
    return strspn(text, "0123456789abcdef") == DIGEST_HEX - 1 && text[DIGEST_HEX - 1] == 0;
}

static bool digest_stream(EVP_MD_CTX *md, int fd, const char *path, struct err *err)
{
    unsigned char block[65536];
    for (;;) {
        ssize_t got = read(fd, block, sizeof block);
        if (got < 0 && errno == EINTR)
            continue;
        if (got < 0)
            return err_errno(err, "%s: cannot be read", path);
        if (got == 0)
            return true;
        if (EVP_DigestUpdate(md, block, (size_t)got) != 1)
            return err_ssl(err, "%s: cannot be hashed", path);
    }
}

bool digest_file(char hex[DIGEST_HEX], const char *path, struct err *err)
{
    OWN(EVP_MD_CTX) *md = EVP_MD_CTX_new();
    if (md == NULL || EVP_DigestInit_ex(md, EVP_sha256(), NULL) != 1)
        return err_ssl(err, "SHA-256 is not available");
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0)
        return err_errno(err, "%s: cannot be opened", path);
    struct stat st;
    bool good = fstat(fd, &st) == 0 && S_ISREG(st.st_mode);
    if (!good)
        err_set(err, "%s: not a regular file", path);
    good = good && digest_stream(md, fd, path, err);
    close(fd);
    unsigned char raw[DIGEST_LEN];
    if (!good)
        return false;
    if (EVP_DigestFinal_ex(md, raw, NULL) != 1)
        return err_ssl(err, "%s: cannot be hashed", path);
    hex_encode(hex, raw, sizeof raw);
    return true;
}

char *digest_groups(const char *hex, unsigned per_line)
{
    OWN_STRUCT(bytes) out = {0};
    bytes_text(&out, "");
    for (size_t i = 0; hex[i] != 0; i++) {
        if (i > 0 && i % 4 == 0)
            bytes_text(&out, per_line != 0 && i / 4 % per_line == 0 ? "\n" : " ");
        bytes_add(&out, hex + i, 1);
    }
    return (char *)bytes_give(&out).data;
}

const char *digest_word(const char *hex, size_t n)
{
    unsigned byte = hex_digit(hex[2 * n]) << 4 | hex_digit(hex[2 * n + 1]);
    return pgp_words[byte][n & 1];
}

char *digest_words(const char *hex, unsigned per_line)
{
    OWN_STRUCT(bytes) out = {0};
    bytes_text(&out, "");
    for (size_t n = 0; hex[2 * n] != 0 && hex[2 * n + 1] != 0; n++) {
        if (n > 0)
            bytes_text(&out, per_line != 0 && n % per_line == 0 ? "\n" : " ");
        bytes_text(&out, digest_word(hex, n));
    }
    return (char *)bytes_give(&out).data;
}

#include "loose.h"

#include "../ceremony/hasher.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define STORED_MAX 65535u /* RFC 1951 3.2.4: LEN has 16 bits */
#define STORED_HEAD 5u
#define HEADER_MAX 64

/* CMF: deflate, 32 K window; FLG: fastest, no dictionary, and the check bits (RFC 1950 2.2). */
static const unsigned char stream_head[2] = {0x78, 0x01};

/* Adler-32 (RFC 1950 8.2): so many bytes can be summed before the sums must be reduced. */
#define ADLER_BASE 65521u
#define ADLER_RUN 5552u

struct adler {
    unsigned long a, b;
};

static void adler_add(struct adler *sum, const unsigned char *data, size_t len)
{
    while (len > 0) {
        size_t run = len < ADLER_RUN ? len : ADLER_RUN;
        len -= run;
        for (; run > 0; run--) {
            sum->a += *data++;
            sum->b += sum->a;
        }
        sum->a %= ADLER_BASE;
        sum->b %= ADLER_BASE;
    }
}

static void adler_end(unsigned char tail[4], const struct adler *sum)
{
    const unsigned char bytes[4] = {(unsigned char)(sum->b >> 8), (unsigned char)sum->b,
                                    (unsigned char)(sum->a >> 8), (unsigned char)sum->a};
    memcpy(tail, bytes, sizeof bytes);
}

static void stored_head(unsigned char head[STORED_HEAD], size_t len, bool last)
{
    const unsigned char bytes[STORED_HEAD] = {last, (unsigned char)len, (unsigned char)(len >> 8),
                                              (unsigned char)~len, (unsigned char)(~len >> 8)};
    memcpy(head, bytes, sizeof bytes);
}

/* "blob 12" and a zero byte; its length with that byte. */
static size_t header_format(char header[HEADER_MAX], const char *type, size_t size)
{
    return (size_t)snprintf(header, HEADER_MAX, "%s %zu", type, size) + 1;
}

void loose_format(struct bytes *out, const char *type, const struct bytes *content)
{
    char header[HEADER_MAX];
    struct adler sum = {.a = 1};
    OWN_STRUCT(bytes) object = bytes_copy(header, header_format(header, type, content->len));
    bytes_add(&object, content->data, content->len);
    adler_add(&sum, object.data, object.len);
    bytes_add(out, stream_head, sizeof stream_head);
    for (size_t at = 0; at < object.len; at += STORED_MAX) {
        const size_t left = object.len - at, len = left < STORED_MAX ? left : STORED_MAX;
        unsigned char head[STORED_HEAD];
        stored_head(head, len, len == left);
        bytes_add(out, head, sizeof head);
        bytes_add(out, object.data + at, len);
    }
    unsigned char tail[4];
    adler_end(tail, &sum);
    bytes_add(out, tail, sizeof tail);
}

struct reading {
    int fd;
    struct hasher *hasher;
    struct adler sum;
    unsigned char *block;
};
static void reading_free(struct reading *r)
{
    if (r->fd >= 0)
        close(r->fd);
    hasher_free(r->hasher);
    free(r->block);
}

/* Exactly so many bytes. */
static bool get(int fd, unsigned char *data, size_t len)
{
    while (len > 0) {
        ssize_t got = read(fd, data, len);
        if (got < 0 && errno == EINTR)
            continue;
        if (got <= 0)
            return false;
        data += got;
        len -= (size_t)got;
    }
    return true;
}

static bool get_expected(int fd, const unsigned char *expected, size_t len)
{
    unsigned char found[8];
    return get(fd, found, len) && memcmp(found, expected, len) == 0;
}

/* All between the stream's head and its tail; the object's own header stands at the front of the first
 * block. */
static bool blocks_read(struct reading *r, const char *header, size_t header_len, size_t size)
{
    size_t left = header_len + size, skip = header_len;
    while (left > 0) {
        const size_t len = left < STORED_MAX ? left : STORED_MAX;
        unsigned char head[STORED_HEAD];
        stored_head(head, len, len == left);
        if (!get_expected(r->fd, head, sizeof head) || !get(r->fd, r->block, len))
            return false;
        if (skip > 0 && memcmp(r->block, header, header_len) != 0)
            return false;
        adler_add(&r->sum, r->block, len);
        hasher_add(r->hasher, r->block + skip, len - skip);
        skip = 0;
        left -= len;
    }
    return true;
}

bool loose_check(const char *path, const char *type, size_t size, const char sha256[DIGEST_HEX],
                 struct err *err)
{
    OWN_STRUCT(reading)
    r = {.fd = open(path, O_RDONLY | O_NOFOLLOW | O_CLOEXEC | O_NONBLOCK), .sum = {.a = 1}};
    struct stat st;
    char header[HEADER_MAX], found[DIGEST_HEX] = "";
    unsigned char tail[4], more;
    if (r.fd < 0 && errno == ELOOP)
        return err_set(err, "%s: is a symbolic link; a ledger has the objects themselves", path);
    if (r.fd < 0)
        return err_errno(err, "%s: object cannot be opened", path);
    if (fstat(r.fd, &st) != 0 || !S_ISREG(st.st_mode))
        return err_set(err, "%s: not a regular file", path);
    r.hasher = hasher_new(HASHER_SHA256);
    r.block = memory_new(STORED_MAX, 1);
    bool whole = get_expected(r.fd, stream_head, sizeof stream_head) &&
                 blocks_read(&r, header, header_format(header, type, size), size);
    adler_end(tail, &r.sum);
    whole = whole && get_expected(r.fd, tail, sizeof tail) && !get(r.fd, &more, 1);
    hasher_end(found, r.hasher);
    return (whole && strcmp(found, sha256) == 0) ||
           err_set(err, "%s: the object has not the bytes that verger writes for what its page says", path);
}

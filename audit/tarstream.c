#include "tarstream.h"

#include "../ceremony/file.h"
#include "../ceremony/hasher.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define BUFFER (512u * USTAR_BLOCK)

struct tarstream {
    int fd;
    const char *what;
    struct hasher *hasher;
    unsigned char *buffer;
    size_t at, end;           /* what of the buffer is not taken yet */
    unsigned long long left;  /* of the member */
    size_t padding;           /* behind the member */
    unsigned long long taken; /* of the file */
    size_t members;
    time_t mtime; /* of the first member, and so of all */
};

void tarstream_free(struct tarstream *t)
{
    if (t == NULL)
        return;
    if (t->fd >= 0)
        close(t->fd);
    hasher_free(t->hasher);
    free(t->buffer);
    free(t);
}

bool tarstream_open(struct tarstream **out, const char *path, const char *what, struct err *err)
{
    OWN_TARSTREAM *t = memory_new(1, sizeof *t);
    struct stat st;
    t->what = what;
    t->fd = open(path, O_RDONLY | O_NOFOLLOW | O_CLOEXEC | O_NONBLOCK);
    if (t->fd < 0 && errno == ELOOP)
        return err_set(err, "%s: is a symbolic link; a record has the files themselves", what);
    if (t->fd < 0)
        return err_errno(err, "%s: cannot be opened", what);
    if (fstat(t->fd, &st) != 0 || !S_ISREG(st.st_mode))
        return err_set(err, "%s: not a regular file", what);
    /* Sparse, it would cost its maker nothing, and whoever reads it days. */
    if (st.st_size > FILE_MAX_PAGE)
        return err_set(err, "%s: larger than %u MiB, and no page is", what, FILE_MAX_PAGE >> 20);
    t->buffer = memory_new(BUFFER, 1);
    t->hasher = hasher_new(HASHER_SHA256);
    *out = GIVE(t);
    return true;
}

/* Fill an empty buffer; it stays empty at the file's end. What is read is hashed, before anybody looks. */
static bool refill(struct tarstream *t, struct err *err)
{
    t->at = t->end = 0;
    while (t->end < BUFFER) {
        ssize_t got = read(t->fd, t->buffer + t->end, BUFFER - t->end);
        if (got < 0 && errno == EINTR)
            continue;
        if (got < 0)
            return err_errno(err, "%s: cannot be read", t->what);
        if (got == 0)
            break;
        t->end += (size_t)got;
    }
    hasher_add(t->hasher, t->buffer, t->end);
    return true;
}

/* The next piece of at most `most` bytes; `*len` 0 at the file's end. */
static bool take(const unsigned char **data, size_t *len, struct tarstream *t, size_t most, struct err *err)
{
    if (t->at == t->end && !refill(t, err))
        return false;
    *data = t->buffer + t->at;
    *len = t->end - t->at < most ? t->end - t->at : most;
    t->at += *len;
    t->taken += *len;
    return true;
}

/* The buffer is a whole number of blocks, so a block that is not there whole is cut off. */
static bool block_take(const unsigned char **block, struct tarstream *t, struct err *err)
{
    size_t len = 0;
    return take(block, &len, t, USTAR_BLOCK, err) &&
           (len == USTAR_BLOCK || err_set(err, "%s: the archive is cut off, or not a tar archive", t->what));
}

static bool is_zero(const unsigned char *data, size_t len)
{
    for (size_t i = 0; i < len; i++)
        if (data[i] != 0)
            return false;
    return true;
}

/* The second block of the end was not read yet. Then zeros up to a whole record, and no byte more. */
static bool end_check(struct tarstream *t, struct err *err)
{
    const unsigned char *data = NULL;
    size_t len = 0;
    unsigned long long zeros = t->taken + USTAR_BLOCK;
    zeros = (zeros + USTAR_RECORD - 1) / USTAR_RECORD * USTAR_RECORD - t->taken;
    while (zeros > 0) {
        if (!block_take(&data, t, err))
            return false;
        if (!is_zero(data, USTAR_BLOCK))
            return err_set(err, "%s: something stands behind the end of the archive", t->what);
        zeros -= USTAR_BLOCK;
    }
    return take(&data, &len, t, 1, err) &&
           (len == 0 || err_set(err, "%s: something stands behind the end of the archive", t->what));
}

static bool member_skip(struct tarstream *t, struct err *err)
{
    const unsigned char *data = NULL;
    size_t len = 0;
    do {
        if (!tarstream_data(&data, &len, t, err))
            return false;
    } while (len > 0);
    return true;
}

bool tarstream_next(struct ustar *member, bool *more, struct tarstream *t, struct err *err)
{
    const unsigned char *block = NULL;
    struct ustar found;
    if (!member_skip(t, err) || !block_take(&block, t, err))
        return false;
    if (is_zero(block, USTAR_BLOCK)) {
        *more = false;
        return end_check(t, err);
    }
    t->members++;
    if (!ustar_read(&found, block, err))
        return err_wrap(err, "%s: member %zu", t->what, t->members);
    if (t->members > 1 && found.mtime != t->mtime)
        return err_set(err, "%s: member %s has another time than the first; a page has one time", t->what,
                       found.name);
    t->mtime = found.mtime;
    t->left = found.size;
    t->padding = (size_t)(-found.size & (USTAR_BLOCK - 1));
    *member = found;
    *more = true;
    return true;
}

static bool padding_take(struct tarstream *t, struct err *err)
{
    const unsigned char *data = NULL;
    size_t len = 0, padding = t->padding;
    t->padding = 0;
    if (padding == 0)
        return true;
    if (!take(&data, &len, t, padding, err))
        return false;
    if (len != padding)
        return err_set(err, "%s: the archive is cut off", t->what);
    return is_zero(data, len) || err_set(err, "%s: something stands between two members", t->what);
}

bool tarstream_data(const unsigned char **data, size_t *len, struct tarstream *t, struct err *err)
{
    if (t->left == 0) {
        *len = 0;
        return padding_take(t, err);
    }
    if (!take(data, len, t, t->left < BUFFER ? (size_t)t->left : BUFFER, err))
        return false;
    if (*len == 0)
        return err_set(err, "%s: the archive is cut off", t->what);
    t->left -= *len;
    return true;
}

bool tarstream_digest(char hex[DIGEST_HEX], struct tarstream *t, struct err *err)
{
    do {
        if (!refill(t, err))
            return false;
    } while (t->end > 0);
    hasher_end(hex, t->hasher);
    return true;
}

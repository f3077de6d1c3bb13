#include "sink.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

struct sink *sink_new(void)
{
    struct sink *s = memory_new(1, sizeof *s);
    s->fd = -1;
    return s;
}

static bool file_put(int fd, const unsigned char *data, size_t len, struct err *err)
{
    while (len > 0) {
        ssize_t done = write(fd, data, len);
        if (done < 0 && errno == EINTR)
            continue;
        if (done <= 0)
            return err_errno(err, "revocation list: cannot be written");
        data += done;
        len -= (size_t)done;
    }
    return true;
}

bool sink_flush(struct sink *s, struct err *err)
{
    const size_t len = s->used;
    s->used = 0;
    if (s->hasher != NULL)
        hasher_add(s->hasher, s->buffer, len);
    if (s->signing != NULL && EVP_DigestSignUpdate(s->signing, s->buffer, len) != 1)
        return err_ssl(err, "revocation list: cannot be signed");
    if (s->memory != NULL)
        bytes_add(s->memory, s->buffer, len);
    return s->fd < 0 || file_put(s->fd, s->buffer, len, err);
}

bool sink_put(struct sink *s, const void *data, size_t len, struct err *err)
{
    const unsigned char *from = data;
    while (len > 0) {
        const size_t room = sizeof s->buffer - s->used, part = len < room ? len : room;
        memcpy(s->buffer + s->used, from, part);
        s->used += part;
        from += part;
        len -= part;
        if (s->used == sizeof s->buffer && !sink_flush(s, err))
            return false;
    }
    return true;
}

bool sink_header(struct sink *s, unsigned char tag, size_t len, struct err *err)
{
    unsigned char header[DER_HEADER_MAX];
    return sink_put(s, header, der_header(header, tag, len), err);
}

/* bytes.h - a run of bytes on the heap, not secret (secrets: secret.h).
 * `data` always has a zero byte behind its `len` bytes, so that text may be used as a C string. */
#ifndef VERGER_BYTES_H
#define VERGER_BYTES_H

#include "err.h"

#include <stddef.h>

struct bytes {
    unsigned char *data; /* owned; NULL when empty and never filled */
    size_t len;
};

/* Free the content and make it empty. Safe on {0}. */
void bytes_free(struct bytes *b);

/* Append; abort(3) when memory ends, as the whole program does. `b` may be {0}. */
void bytes_add(struct bytes *b, const void *data, size_t len);
void bytes_text(struct bytes *b, const char *text);
void bytes_format(struct bytes *b, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* A copy of `len` bytes at `data`. */
struct bytes bytes_copy(const void *data, size_t len);

/* Hand `b`'s content on; `b` is empty afterwards. */
struct bytes bytes_give(struct bytes *b);

bool bytes_equal(const struct bytes *a, const struct bytes *b);

/* The content as text: "" when empty. */
const char *bytes_string(const struct bytes *b);

/* strdup and asprintf that abort(3) when memory ends. The caller frees. */
char *text_copy(const char *text);
char *text_format(const char *format, ...) __attribute__((format(printf, 1, 2)));
void *memory_new(size_t count, size_t size); /* zeroed */

#endif

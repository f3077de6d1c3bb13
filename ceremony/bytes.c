#include "bytes.h"

#include <stdarg.h>
#include <string.h>

void *memory_new(size_t count, size_t size)
{
    void *p = calloc(count != 0 ? count : 1, size != 0 ? size : 1);
    if (p == NULL)
        abort();
    return p;
}

void bytes_free(struct bytes *b)
{
    free(b->data);
    *b = (struct bytes){0};
}

void bytes_add(struct bytes *b, const void *data, size_t len)
{
    unsigned char *grown = realloc(b->data, b->len + len + 1);
    if (grown == NULL)
        abort();
    if (len != 0)
        memcpy(grown + b->len, data, len);
    b->data = grown;
    b->len += len;
    b->data[b->len] = 0;
}

void bytes_text(struct bytes *b, const char *text)
{
    bytes_add(b, text, strlen(text));
}

static char *format_new(const char *format, va_list args)
{
    char *text = NULL;
    if (vasprintf(&text, format, args) < 0)
        abort();
    return text;
}

void bytes_format(struct bytes *b, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    OWN(char) *text = format_new(format, args);
    va_end(args);
    bytes_text(b, text);
}

struct bytes bytes_copy(const void *data, size_t len)
{
    struct bytes b = {0};
    bytes_add(&b, data, len);
    return b;
}

struct bytes bytes_give(struct bytes *b)
{
    struct bytes given = *b;
    *b = (struct bytes){0};
    return given;
}

bool bytes_equal(const struct bytes *a, const struct bytes *b)
{
    return a->len == b->len && (a->len == 0 || memcmp(a->data, b->data, a->len) == 0);
}

const char *bytes_string(const struct bytes *b)
{
    return b->data != NULL ? (const char *)b->data : "";
}

char *text_copy(const char *text)
{
    char *copy = strdup(text);
    if (copy == NULL)
        abort();
    return copy;
}

char *text_format(const char *format, ...)
{
    va_list args;
    va_start(args, format);
    char *text = format_new(format, args);
    va_end(args);
    return text;
}

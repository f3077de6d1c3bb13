#include "lines.h"

#include "../ceremony/certificate.h"
#include "../ceremony/file.h"

#include <fcntl.h>
#include <string.h>
#include <unistd.h>

void lines_free(struct lines *l)
{
    free(l->path);
    json_decref(l->list);
    *l = (struct lines){0};
}

/* Cut the file to `length` bytes, and make that durable. */
static bool file_cut(const char *path, size_t length, struct err *err)
{
    int fd = open(path, O_WRONLY | O_NOFOLLOW | O_CLOEXEC);
    if (fd < 0)
        return err_errno(err, "%s: cannot be opened", path);
    bool done = ftruncate(fd, (off_t)length) == 0 && fsync(fd) == 0;
    close(fd);
    return done || err_errno(err, "%s: its cut-off last line cannot be removed", path);
}

static bool line_parse(json_t *list, const char *path, size_t number, const char *text, size_t len,
                       struct err *err)
{
    OWN(char) *what = text_format("%s: line %zu", path, number);
    OWN_STRUCT(bytes) line = bytes_copy(text, len);
    OWN(json_t) *object = NULL;
    if (!json_read(&object, &line, what, err))
        return false;
    if (!json_is_object(object))
        return err_set(err, "%s: not an object; restore the file from its copy", what);
    json_array_append(list, object);
    return true;
}

static bool lines_parse(struct lines *l, const struct bytes *text, struct err *err)
{
    const char *start = bytes_string(text), *at = start, *newline;
    for (size_t number = 1; (newline = memchr(at, '\n', text->len - (size_t)(at - start))) != NULL;
         number++) {
        if (!line_parse(l->list, l->path, number, at, (size_t)(newline - at), err))
            return false;
        at = newline + 1;
    }
    l->length = (size_t)(at - start);
    return true;
}

bool lines_open(struct lines *out, const char *path, struct err *err)
{
    OWN_STRUCT(lines) l = {.path = text_copy(path), .list = json_array()};
    OWN_STRUCT(bytes) text = {0};
    if (file_exists(path) && !file_read(&text, path, FILE_MAX_PAGE, err))
        return false;
    if (!lines_parse(&l, &text, err))
        return false;
    if (l.length < text.len && !file_cut(path, l.length, err))
        return false;
    lines_free(out);
    *out = l;
    l = (struct lines){0};
    return true;
}

bool lines_append(struct lines *l, json_t *object, struct err *err)
{
    OWN(json_t) *held = object;
    OWN_STRUCT(bytes) line = {0};
    if (!json_is_object(held))
        return err_set(err, "%s: only JSON objects are lines", l->path);
    if (!json_canonical(&line, held, err))
        return err_wrap(err, "%s", l->path);
    bytes_text(&line, "\n");
    if (!file_append(l->path, line.data, line.len, 0600, err)) {
        struct err second = {0};
        if (file_exists(l->path) && !file_cut(l->path, l->length, &second))
            return err_wrap(err, "%s", second.text);
        return false;
    }
    json_array_append(l->list, held);
    l->length += line.len;
    return true;
}

#include "plain.h"

#include "../ceremony/visible.h"

#include <string.h>

void plain_add(struct bytes *out, const char *text)
{
    const unsigned char *at = (const unsigned char *)text, *end = at + strlen(text);
    while (at < end) {
        uint32_t point = 0;
        size_t len = utf8_read(&point, at, (size_t)(end - at));
        size_t width = len != 0 ? len : 1;
        if (len != 0 && (point == '\n' || !point_is_hidden(point)))
            bytes_add(out, at, len);
        else
            for (size_t i = 0; i < width; i++)
                bytes_format(out, "\\x%02x", at[i]);
        at += width;
    }
}

bool plain_is_line(const char *text)
{
    OWN_STRUCT(bytes) shown = {0};
    plain_add(&shown, text);
    return strcmp(bytes_string(&shown), text) == 0 && strchr(text, '\n') == NULL;
}

void shell_word(struct bytes *out, const char *path)
{
    static const char plain[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789/._-+,:@%";
    if (path[0] != '\0' && path[strspn(path, plain)] == '\0') {
        bytes_text(out, path);
        return;
    }
    bytes_text(out, "'");
    for (; *path != '\0'; path++)
        bytes_text(out, *path == '\'' ? "'\\''" : (const char[]){*path, 0});
    bytes_text(out, "'");
}

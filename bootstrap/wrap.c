#include "wrap.h"

#include <string.h>
#include <sys/ioctl.h>

static const char mark[] = "REHEARSAL ";

/* Characters in `len` bytes of UTF-8: bytes that do not continue one. */
static size_t characters(const char *text, size_t len)
{
    size_t count = 0;
    for (size_t i = 0; i < len; i++)
        count += ((unsigned char)text[i] & 0xc0) != 0x80;
    return count;
}

/* What stands before the first word of a line: the mark, then spaces. */
static size_t indent_of(const char *line, size_t len)
{
    size_t at = strncmp(line, mark, strlen(mark)) == 0 ? strlen(mark) : 0;
    while (at < len && line[at] == ' ')
        at++;
    return at;
}

static void wrap_line(struct bytes *out, const char *line, size_t len, size_t columns)
{
    size_t indent = indent_of(line, len), at = indent, used = characters(line, indent);
    bytes_add(out, line, indent);
    for (bool first = true; at < len; first = false) {
        size_t gap = strspn(line + at, " "), word = strcspn(line + at + gap, " \n");
        size_t width = characters(line + at + gap, word);
        if (word > 0 && !first && used + gap + width > columns) {
            bytes_text(out, "\n");
            bytes_add(out, line, indent);
            used = characters(line, indent);
        } else {
            bytes_add(out, line + at, gap);
            used += gap;
        }
        bytes_add(out, line + at + gap, word);
        used += width;
        at += gap + word;
    }
}

void wrap_add(struct bytes *out, const char *text, size_t columns)
{
    for (;;) {
        size_t len = strcspn(text, "\n");
        if (columns == 0)
            bytes_add(out, text, len);
        else
            wrap_line(out, text, len, columns);
        if (text[len] == 0)
            return;
        bytes_text(out, "\n");
        text += len + 1;
    }
}

size_t wrap_columns(int fd)
{
    struct winsize size = {0};
    return ioctl(fd, TIOCGWINSZ, &size) == 0 ? size.ws_col : 0;
}

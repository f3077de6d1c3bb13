#include "transcript.h"

#include "../ceremony/certificate.h"
#include "../ceremony/visible.h"

#include <string.h>

#define MARK "REHEARSAL "
#define TIME_LEN 20 /* 2026-11-23T17:00:00Z */

static void bytes_escape(struct bytes *out, const unsigned char *at, size_t len)
{
    for (size_t i = 0; i < len; i++)
        bytes_format(out, "\\x%02x", at[i]);
}

void transcript_escape(struct bytes *out, const char *text, size_t len)
{
    const unsigned char *at = (const unsigned char *)text, *end = at + len;
    while (at < end) {
        uint32_t point = 0;
        size_t n = utf8_read(&point, at, (size_t)(end - at));
        size_t width = n != 0 ? n : 1;
        if (n != 0 && point != '\\' && !point_is_hidden(point))
            bytes_add(out, at, n);
        else
            bytes_escape(out, at, width);
        at += width;
    }
}

void transcript_say(struct bytes *transcript, time_t time, bool rehearsal, const char *text)
{
    char when[32];
    time_text(when, time);
    for (;;) {
        size_t len = strcspn(text, "\n");
        bytes_format(transcript, "%s%s  ", rehearsal ? MARK : "", when);
        transcript_escape(transcript, text, len);
        bytes_text(transcript, "\n");
        text += len;
        if (text[0] == 0 || text[1] == 0)
            return;
        text++;
    }
}

/* What is written escaped comes out of a second escaping unchanged but for its own backslashes. */
static bool text_is_escaped(const char *text, size_t len)
{
    OWN_STRUCT(bytes) plain = {0};
    for (size_t i = 0; i < len; i++) {
        if (text[i] != '\\')
            bytes_add(&plain, text + i, 1);
        else if (len - i < 4 || text[i + 1] != 'x' || strspn(text + i + 2, "0123456789abcdef") < 2)
            return false;
    }
    OWN_STRUCT(bytes) again = {0};
    transcript_escape(&again, bytes_string(&plain), plain.len);
    return bytes_equal(&plain, &again);
}

static bool line_check(const char *line, size_t len, size_t number, bool rehearsal, struct err *err)
{
    size_t mark = rehearsal ? strlen(MARK) : 0;
    if (rehearsal && (len < mark || memcmp(line, MARK, mark) != 0))
        return err_set(err, "transcript.txt: line %zu is not marked REHEARSAL", number);
    line += mark;
    len -= mark;
    char when[TIME_LEN + 1] = "";
    time_t time;
    if (len >= TIME_LEN + 2)
        memcpy(when, line, TIME_LEN);
    if (!time_parse(&time, when, err) || memcmp(line + TIME_LEN, "  ", 2) != 0)
        return err_set(err, "transcript.txt: line %zu does not begin with a time (RFC 3339, UTC)", number);
    if (!text_is_escaped(line + TIME_LEN + 2, len - TIME_LEN - 2))
        return err_set(err, "transcript.txt: line %zu has a control character; they are written \\xNN",
                       number);
    return true;
}

bool transcript_check(const struct bytes *transcript, bool rehearsal, struct err *err)
{
    const char *at = bytes_string(transcript), *end = at + transcript->len;
    for (size_t number = 1; at < end; number++) {
        const char *newline = memchr(at, '\n', (size_t)(end - at));
        if (newline == NULL)
            return err_set(err, "transcript.txt: line %zu is cut off", number);
        if (!line_check(at, (size_t)(newline - at), number, rehearsal, err))
            return false;
        at = newline + 1;
    }
    return true;
}

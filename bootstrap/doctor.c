#include "doctor.h"

#include "wrap.h"

#include <string.h>

enum { INDENT = 6 };

static const char *const standings[] = {[STANDS_OK] = "ok", [STANDS_WARN] = "warn", [STANDS_FAIL] = "fail"};

void doctor_free(struct doctor *d)
{
    json_decref(d->rows);
    *d = (struct doctor){0};
}

void doctor_examine(struct doctor *out, const struct doctor_folders *folders)
{
    doctor_look *const *const chapters[] = {doctor_process, doctor_machine, doctor_places};
    *out = (struct doctor){.folders = *folders, .rows = json_array()};
    for (size_t i = 0; i < sizeof chapters / sizeof *chapters; i++)
        for (doctor_look *const *look = chapters[i]; *look != NULL; look++)
            (*look)(out);
}

/* Names of folders and interfaces may be anything; JSON is UTF-8. */
static json_t *text_json(const char *text)
{
    json_t *made = json_string(text);
    return made != NULL ? made : json_string("(a name in it is not UTF-8)");
}

void doctor_row(struct doctor *d, enum standing standing, const char *id, const char *remedy,
                const char *format, ...)
{
    va_list list;
    char *says = NULL;
    va_start(list, format);
    if (vasprintf(&says, format, list) < 0)
        abort();
    va_end(list);
    json_t *row =
        json_pack("{s:s, s:s, s:o}", "id", id, "standing", standings[standing], "says", text_json(says));
    free(says);
    if (standing != STANDS_OK && remedy != NULL && json_object_set_new(row, "remedy", text_json(remedy)) != 0)
        abort();
    if (json_array_append_new(d->rows, row) != 0)
        abort();
}

static const char *row_text(const json_t *row, const char *member)
{
    const char *text = json_string_value(json_object_get(row, member));
    return text != NULL ? text : "";
}

size_t doctor_count(const struct doctor *d, enum standing standing)
{
    size_t i, count = 0;
    const json_t *row;
    json_array_foreach(d->rows, i, row) count += strcmp(row_text(row, "standing"), standings[standing]) == 0;
    return count;
}

const char *doctor_fails(const struct doctor *d, const char *id)
{
    size_t i;
    const json_t *row;
    json_array_foreach(d->rows, i, row)
    {
        if (strcmp(row_text(row, "id"), id) == 0 &&
            strcmp(row_text(row, "standing"), standings[STANDS_FAIL]) == 0)
            return row_text(row, "says");
    }
    return NULL;
}

json_t *doctor_json(const struct doctor *d)
{
    return json_pack("{s:s, s:O}", "format", DOCTOR_FORMAT, "rows", d->rows);
}

/* `text` behind `mark`, its further lines below its first. */
static void block_add(struct bytes *out, const char *mark, const char *text, size_t columns)
{
    OWN_STRUCT(bytes) wrapped = {0};
    wrap_add(&wrapped, text, columns > 2 * INDENT ? columns - INDENT : columns);
    bytes_format(out, "%-*s", INDENT, mark);
    for (const char *at = bytes_string(&wrapped);;) {
        size_t len = strcspn(at, "\n");
        bytes_format(out, "%.*s\n", (int)len, at);
        if (at[len] == 0)
            return;
        at += len + 1;
        bytes_format(out, "%*s", INDENT, "");
    }
}

void doctor_text(struct bytes *out, const struct doctor *d, size_t columns)
{
    size_t i;
    const json_t *row;
    json_array_foreach(d->rows, i, row)
    {
        OWN(char) *line = text_format("%s: %s", row_text(row, "id"), row_text(row, "says"));
        block_add(out, row_text(row, "standing"), line, columns);
        if (*row_text(row, "remedy") != 0)
            block_add(out, "", row_text(row, "remedy"), columns);
    }
    bytes_format(out, "\n%zu ok, %zu warn, %zu fail\n", doctor_count(d, STANDS_OK),
                 doctor_count(d, STANDS_WARN), doctor_count(d, STANDS_FAIL));
}

#include "authority.h"

#include <stdarg.h>
#include <string.h>

void findings_free(struct findings *f)
{
    free(f->list);
    *f = (struct findings){0};
}

/* A text that was cut within a character, or quotes what is no UTF-8, must still be text. */
static void utf8_keep(char *text)
{
    OWN(json_t) *valid = json_string(text);
    for (; valid == NULL && *text != 0; text++)
        if ((unsigned char)*text >= 0x80)
            *text = '?';
}

void findings_add(struct findings *f, enum severity severity, const char *rule, const char *place,
                  const char *clause, const char *format, ...)
{
    struct finding *grown = realloc(f->list, (f->count + 1) * sizeof *grown);
    if (grown == NULL)
        abort();
    f->list = grown;
    struct finding *finding = &grown[f->count++];
    *finding = (struct finding){.severity = severity};
    snprintf(finding->rule, sizeof finding->rule, "%s", rule);
    snprintf(finding->place, sizeof finding->place, "%s", place);
    snprintf(finding->clause, sizeof finding->clause, "%s", clause);
    va_list args;
    va_start(args, format);
    vsnprintf(finding->text, sizeof finding->text, format, args);
    va_end(args);
    utf8_keep(finding->place);
    utf8_keep(finding->text);
}

size_t findings_errors(const struct findings *f)
{
    size_t errors = 0;
    for (size_t i = 0; i < f->count; i++)
        errors += f->list[i].severity == SEVERITY_ERROR;
    return errors;
}

bool findings_have(const struct findings *f, const char *rule)
{
    for (size_t i = 0; i < f->count; i++)
        if (strcmp(f->list[i].rule, rule) == 0)
            return true;
    return false;
}

void findings_sort(struct findings *f)
{
    struct findings sorted = {0};
    sorted.list = memory_new(f->count + 1, sizeof *sorted.list);
    for (enum severity severity = SEVERITY_ERROR; severity <= SEVERITY_NOTE; severity++)
        for (size_t i = 0; i < f->count; i++)
            if (f->list[i].severity == severity)
                sorted.list[sorted.count++] = f->list[i];
    findings_free(f);
    *f = sorted;
}

/* ---- to be read ---- */

enum { INDENT = 4, WIDTH = 100 };

static const char *const severities[] = {
    [SEVERITY_ERROR] = "error", [SEVERITY_WARNING] = "warning", [SEVERITY_NOTE] = "note"};

/* `text` in lines of at most WIDTH bytes, unless one word is longer. */
static void wrap(struct bytes *out, const char *text)
{
    size_t column = 0;
    while (*text != 0) {
        size_t len = strcspn(text, " ");
        bool fits = column > 0 && column + 1 + len <= WIDTH;
        if (fits)
            bytes_text(out, " ");
        else
            bytes_format(out, "%s%*s", column > 0 ? "\n" : "", INDENT, "");
        bytes_add(out, text, len);
        column = (fits ? column + 1 : INDENT) + len;
        text += len;
        text += strspn(text, " ");
    }
    bytes_text(out, "\n");
}

void findings_text(struct bytes *out, const struct findings *f)
{
    for (size_t i = 0; i < f->count; i++) {
        const struct finding *finding = &f->list[i];
        bytes_format(out, "%s %s, %s", severities[finding->severity], finding->rule, finding->place);
        if (finding->clause[0] != 0)
            bytes_format(out, " [%s]", finding->clause);
        bytes_text(out, "\n");
        wrap(out, finding->text);
    }
}

json_t *findings_json(const struct findings *f)
{
    json_t *list = json_array();
    for (size_t i = 0; i < f->count; i++) {
        const struct finding *finding = &f->list[i];
        json_t *one = json_pack("{s:s, s:s, s:s, s:s, s:s}", "severity", severities[finding->severity],
                                "rule", finding->rule, "place", finding->place, "text", finding->text,
                                "clause", finding->clause);
        if (one == NULL || json_array_append_new(list, one) != 0)
            abort();
    }
    return list;
}

#include "authority.h"

#include <stdarg.h>
#include <string.h>

void findings_free(struct findings *f)
{
    free(f->list);
    *f = (struct findings){0};
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
}

size_t findings_errors(const struct findings *f)
{
    size_t errors = 0;
    for (size_t i = 0; i < f->count; i++)
        errors += f->list[i].severity == SEVERITY_ERROR;
    return errors;
}

/* A file that may hold anything that lint judges: read and judged without harm beside itself, and every rule
 * answers once. */
#include "../../ceremony/lint.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void must(bool holds)
{
    if (!holds)
        abort();
}

static void judge(const struct lint_subjects *things, size_t n, size_t rules)
{
    const struct lint_subject *first = &things->list[0];
    struct lint_context context = {.issuer = first->certificate,
                                   .request = first->request,
                                   .list = first->list,
                                   .previous = first->list};
    for (context.profile = LINT_PRIVATE; context.profile <= LINT_FEDERAL; context.profile++) {
        OWN_STRUCT(lint_report) report = {0};
        lint_judge(&report, &things->list[n], &context, "thing");
        must(report.found.count + report.passed.count + report.not_applicable.count +
                 report.not_checked.count ==
             rules);
    }
    (void)lint_issuer_beside(things, n);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct err err = {0};
    OWN_STRUCT(bytes) text = bytes_copy(data, size);
    OWN_STRUCT(lint_subjects) things = {0};
    size_t rules = 0;
    while (lint_rule_id(rules) != NULL)
        rules++;
    if (!lint_read(&things, &text, "file", &err)) {
        must(things.count == 0 && err.text[0] != 0);
        return 0;
    }
    for (size_t n = 0; n < things.count; n++)
        judge(&things, n, rules);
    return 0;
}

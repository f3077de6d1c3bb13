/* What lint said of everything that came in or was to be signed, before a key was used: on which page, of
 * what, what was found, and who set it aside and why. */
#include "reportparts.h"

#include "../ceremony/lintreport.h"

#include <string.h>

/* What a result counts, in the order in which people read it. */
static const struct count {
    const char *member, *column;
} counts[] = {{"error", "Errors"},
              {"warning", "Warnings"},
              {"notice", "Notices"},
              {"passed", "Passed"},
              {"not_applicable", "Not applicable"},
              {"not_checked", "Not checked"}};
enum { COUNTS = sizeof counts / sizeof *counts };

static json_t *counts_of(const json_t *evidence)
{
    json_t *out = json_object(), *found;
    size_t i;
    for (size_t c = 0; c < COUNTS; c++)
        json_object_set_new(
            out, counts[c].member,
            json_integer((json_int_t)json_array_size(json_object_get(evidence, counts[c].member))));
    json_array_foreach(json_object_get(evidence, "found"), i, found)
    {
        const char *severity = json_text(found, "severity");
        const json_t *before = json_object_get(out, severity);
        if (before != NULL)
            json_object_set_new(out, severity, json_integer(json_integer_value(before) + 1));
    }
    return out;
}

void report_lint_add(json_t *report, json_int_t page, const char *member, const json_t *evidence)
{
    static const char *const left[] = {"format", "given", "passed", "not_applicable"};
    struct err ignored = {0}; /* verify says what is wrong with it */
    if (!lint_evidence_check(evidence, &ignored))
        return;
    json_t *told = json_copy((json_t *)evidence);
    for (size_t i = 0; i < sizeof left / sizeof *left; i++)
        json_object_del(told, left[i]);
    json_object_set_new(told, "counts", counts_of(evidence));
    json_object_set_new(told, "page", json_integer(page));
    json_object_set_new(told, "member", json_string(member));
    json_array_append_new(json_object_get(report, "lints"), told);
}

static json_int_t total(const json_t *lints, const char *count)
{
    json_int_t sum = 0;
    json_t *lint;
    size_t i;
    json_array_foreach(lints, i, lint)
    {
        sum += json_integer_value(json_object_get(json_object_get(lint, "counts"), count));
    }
    return sum;
}

json_t *report_lints_line(const json_t *report)
{
    const json_t *lints = json_object_get(report, "lints");
    size_t i, waived = 0;
    json_t *lint;
    json_array_foreach(lints, i, lint) waived += json_array_size(json_object_get(lint, "waived"));
    if (json_array_size(lints) == 0)
        return line_text("%s", "no result on any page");
    return line_of(line_text("%zu results: %lld errors, %lld warnings, %lld notices; %zu waived; ",
                             json_array_size(lints), (long long)total(lints, "error"),
                             (long long)total(lints, "warning"), (long long)total(lints, "notice"), waived),
                   line_link("lint", "each with its rule"), NULL);
}

/* ---- the section ---- */

static json_t *member_link(const json_t *lint, const char *text)
{
    OWN(char) *to = text_format("page-%lld/%s", (long long)json_integer_value(json_object_get(lint, "page")),
                                json_text(lint, "member"));
    return line_link(to, text);
}

static void counts_table(json_t *blocks, const json_t *lints)
{
    OWN_STRUCT(bytes) head = {0};
    bytes_format(&head, "Page|Of what|Judged as");
    for (size_t c = 0; c < COUNTS; c++)
        bytes_format(&head, "|%s", counts[c].column);
    json_t *rows = block_table(blocks, "lint, thing by thing", bytes_string(&head)), *lint;
    size_t i;
    json_array_foreach(lints, i, lint)
    {
        row_begin(rows, NULL);
        cell_add(rows, line_text("%lld", (long long)json_integer_value(json_object_get(lint, "page"))));
        cell_add(rows, member_link(lint, json_text(lint, "name")));
        cell_add(rows, line_text("%s, %s", json_text(lint, "kind"), json_text(lint, "profile")));
        for (size_t c = 0; c < COUNTS; c++)
            cell_add(rows, line_text("%lld", (long long)json_integer_value(json_object_get(
                                                 json_object_get(lint, "counts"), counts[c].member))));
    }
}

static const json_t *waiver_of(const json_t *lint, const char *rule)
{
    size_t i;
    json_t *waived;
    json_array_foreach(json_object_get(lint, "waived"), i, waived)
    {
        if (strcmp(json_text(waived, "rule"), rule) == 0)
            return waived;
    }
    return NULL;
}

static json_t *severity_line(const char *severity)
{
    return line_styled(strcmp(severity, "error") == 0     ? "fail"
                       : strcmp(severity, "warning") == 0 ? "recorded"
                                                          : "none",
                       severity);
}

static json_t *waiver_line(const json_t *lint, const json_t *found)
{
    const json_t *waived = waiver_of(lint, json_text(found, "rule"));
    if (waived != NULL)
        return line_text("by %s (%s): %s", json_text(waived, "by"), json_text(waived, "role"),
                         json_text(waived, "because"));
    return strcmp(json_text(found, "severity"), "error") == 0 ? line_styled("fail", "nobody waived it")
                                                              : line_text("%s", "no");
}

static void findings_table(json_t *blocks, const json_t *lints)
{
    json_t *rows = NULL, *lint, *found;
    size_t i, f;
    json_array_foreach(lints, i, lint) json_array_foreach(json_object_get(lint, "found"), f, found)
    {
        if (rows == NULL)
            rows =
                block_table(blocks, "what lint found", "Of what|Severity|Rule|What was found|Clause|Waived");
        row_begin(rows, NULL);
        cell_add(rows, member_link(lint, json_text(lint, "name")));
        cell_add(rows, severity_line(json_text(found, "severity")));
        cell_add(rows, line_text("%s", json_text(found, "rule")));
        cell_add(rows, line_text("%s", json_text(found, "text")));
        cell_add(rows, line_text("%s", *json_text(found, "clause") != '\0' ? json_text(found, "clause")
                                                                           : "verger's own"));
        cell_add(rows, waiver_line(lint, found));
    }
    if (rows == NULL)
        block_text(blocks, line_text("%s", "Nothing was found."));
}

void report_lints_section(json_t *document, const json_t *report)
{
    json_t *blocks = document_section(document, "lint", "Lint");
    const json_t *lints = json_object_get(report, "lints");
    if (json_array_size(lints) == 0) {
        block_text(blocks, line_text("%s", "No page of this record has a result of lint."));
        return;
    }
    block_text(
        blocks,
        line_of(line_text("%s", "What came in and what was to be signed, held to the rules one by one "
                                "before a key was used. What was to be signed was judged as a "
                                "throw-away key had signed it: its to-be-signed part is the one that the "
                                "real key signed. verify judges each of them again. What a rule asks, "
                                "and why, is told by "),
                line_styled("code", "verger explain RULE"), line_text("%s", "."), NULL));
    counts_table(blocks, lints);
    findings_table(blocks, lints);
}

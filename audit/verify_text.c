#include "verify.h"

#include <string.h>

static json_int_t number_of(const json_t *object, const char *member)
{
    return json_integer_value(json_object_get(object, member));
}

static bool is_true(const json_t *object, const char *member)
{
    return json_is_true(json_object_get(object, member));
}

static size_t failed_count(const json_t *report)
{
    const json_t *checks = json_object_get(report, "checks");
    size_t count = 0;
    for (size_t i = 0; i < json_array_size(checks); i++)
        count += (size_t)number_of(json_array_get(checks, i), "failed");
    return count;
}

/* ", with 2 exceptions" */
static char *exceptions_text(const json_t *report)
{
    const json_int_t count = number_of(report, "exceptions");
    if (count == 0)
        return text_copy("");
    return text_format(", with %lld exception%s", (long long)count, count == 1 ? "" : "s");
}

/* The first page and rule stand in the first line already. */
static void fails_line(struct bytes *out, const json_t *report)
{
    const json_t *first = json_array_get(json_object_get(report, "failures"), 0);
    const json_t *page = json_object_get(first, "page");
    const size_t more = failed_count(report) - 1;
    bytes_text(out, "The record does not hold: ");
    if (json_is_integer(page))
        bytes_format(out, "page %lld, ", (long long)json_integer_value(page));
    bytes_text(out, json_text(first, "id"));
    if (more > 0)
        bytes_format(out, ", and %zu more", more);
    bytes_text(out, ".\n");
}

static void verdict_lines(struct bytes *out, const json_t *report)
{
    const json_t *anchors = json_object_get(report, "anchors");
    const bool signers = is_true(anchors, "signers"), head = is_true(anchors, "head");
    const char *verdict = json_text(report, "verdict");
    OWN(char) *exceptions = exceptions_text(report);
    if (strcmp(verdict, "holds") == 0)
        bytes_format(out, "The record holds%s, against %s.\n", exceptions,
                     signers && head ? "the signers and the head that you named"
                     : signers       ? "the signers that you named"
                                     : "the head that you named");
    else if (strcmp(verdict, "does not hold") == 0)
        fails_line(out, report);
    else if (strcmp(verdict, "consistent, cut off") == 0)
        bytes_text(out, "The record is consistent as far as it goes, but a step is under way or was cut off: "
                        "what lies in\n"
                        ".staging is no part of it yet. Run verger again at that step's station, then verify "
                        "again.\n");
    else if (strcmp(verdict, "consistent, waits for witnesses") == 0)
        bytes_text(out, "The record is consistent as far as it goes, but a page waits for the seals of "
                        "witnesses\n"
                        "(verger witness). Without them nothing goes on, and nothing holds.\n");
    else
        bytes_format(
            out,
            "The record is consistent%s, but not authenticated: whoever made it anew could have made "
            "all of it.\n"
            "Name the signers' certificates (--signers) or the head from the signed paper (--head).\n",
            exceptions);
}

/* What must not be missed, whatever the verdict. */
static void warning_lines(struct bytes *out, const json_t *report)
{
    const json_t *steps = json_object_get(report, "steps"), *aborted = json_object_get(report, "aborted");
    if (json_is_object(aborted))
        bytes_format(
            out,
            "The ceremony was ABORTED at step %lld (%s) by %s: it is not a finished ceremony, and no page "
            "follows.\n"
            "Why: %s\n",
            (long long)number_of(aborted, "step"), json_text(aborted, "title"), json_text(aborted, "by"),
            json_text(aborted, "why"));
    else if (number_of(steps, "walked") < number_of(steps, "planned"))
        bytes_format(
            out, "It is not finished: %lld of %lld steps were walked%s.\n",
            (long long)number_of(steps, "walked"), (long long)number_of(steps, "planned"),
            strcmp(json_text(report, "verdict"), "does not hold") == 0 ? "" : ", and the ceremony can go on");
    if (is_true(report, "rehearsal"))
        bytes_text(out, "It is the record of a REHEARSAL: its keys and certificates are throw-away ones.\n");
    if (is_true(report, "unattended"))
        bytes_text(out, "It was made unattended: the answers came from a file.\n");
}

static void deviation_lines(struct bytes *out, const json_t *report)
{
    const json_t *list = json_object_get(report, "deviations");
    if (json_array_size(list) > 0)
        bytes_text(out, "\nExceptions:\n");
    for (size_t i = 0; i < json_array_size(list); i++) {
        const json_t *one = json_array_get(list, i);
        bytes_format(out, "  page %lld%s%s: expected: %s\n    happened: %s\n    decided: %s\n    by: %s\n",
                     (long long)number_of(one, "page"), json_text(one, "rule")[0] != 0 ? ", " : "",
                     json_text(one, "rule"), json_text(one, "expected"), json_text(one, "happened"),
                     json_text(one, "decided"), json_text(one, "by"));
    }
}

static void ceremony_lines(struct bytes *out, const json_t *report)
{
    const json_t *ceremony = json_object_get(report, "ceremony");
    const char *head = json_text(report, "head");
    bytes_text(out, "\n");
    if (json_is_object(ceremony))
        bytes_format(out, "Ceremony: %s, version %s (%s)\n", json_text(ceremony, "title"),
                     json_text(ceremony, "version"), json_text(ceremony, "id"));
    bytes_format(out, "Pages: %lld\n", (long long)number_of(report, "pages"));
    if (head[0] == '\0')
        return;
    bytes_format(out, "Head: %s\n", head);
    OWN(char) *words = digest_words(head, 8);
    for (const char *line = words; line != NULL;
         line = strchr(line, '\n') != NULL ? strchr(line, '\n') + 1 : NULL)
        bytes_format(out, "      %.*s\n", (int)strcspn(line, "\n"), line);
}

static char *sealed_text(json_int_t pages)
{
    if (pages == 0)
        return text_copy("has sealed nothing");
    return text_format("sealed %lld page%s", (long long)pages, pages == 1 ? "" : "s");
}

static void people_lines(struct bytes *out, const json_t *report)
{
    const json_t *people = json_object_get(report, "people"), *signers = json_object_get(report, "signers");
    if (json_array_size(people) > 0)
        bytes_text(out, "\nPeople:\n");
    for (size_t i = 0; i < json_array_size(people); i++)
        bytes_format(out, "  %s, %s\n", json_text(json_array_get(people, i), "name"),
                     json_text(json_array_get(people, i), "role"));
    if (json_array_size(signers) > 0)
        bytes_text(out, "\nEnrolled to seal (SHA-256 of the certificate):\n");
    for (size_t i = 0; i < json_array_size(signers); i++) {
        const json_t *one = json_array_get(signers, i);
        OWN(char) *sealed = sealed_text(number_of(one, "pages"));
        bytes_format(out, "  %s: %s, %s\n    %s\n", json_text(one, "label"), json_text(one, "name"), sealed,
                     json_text(one, "sha256"));
    }
}

static void failed_lines(struct bytes *out, const json_t *report)
{
    const json_t *failures = json_object_get(report, "failures");
    const size_t failed = failed_count(report), told = json_array_size(failures);
    if (failed > 0)
        bytes_text(out, "\nFailed:\n");
    for (size_t i = 0; i < told; i++) {
        const json_t *one = json_array_get(failures, i), *page = json_object_get(one, "page");
        bytes_format(out, "  %s", json_text(one, "id"));
        if (json_is_integer(page))
            bytes_format(out, ", page %lld", (long long)json_integer_value(page));
        bytes_format(out, ": %s (%s)\n", json_text(one, "text"), json_text(one, "clause"));
    }
    if (failed > told)
        bytes_format(out, "  and %zu more\n", failed - told);
}

static void list_lines(struct bytes *out, const json_t *report, const char *member, const char *title)
{
    const json_t *list = json_object_get(report, member);
    if (json_array_size(list) > 0)
        bytes_format(out, "\n%s:\n", title);
    for (size_t i = 0; i < json_array_size(list); i++)
        bytes_format(out, "  %s\n", json_string_value(json_array_get(list, i)));
}

/* One line an id, in the order of the list. */
static void passed_lines(struct bytes *out, const json_t *checks)
{
    bytes_text(out, "\nChecks, and how often each passed:\n");
    for (size_t i = 0; i < json_array_size(checks); i++) {
        const json_t *check = json_array_get(checks, i);
        const char *verdict = json_text(check, "verdict");
        if (strcmp(verdict, "pass") == 0)
            bytes_format(out, "  %-22s %6lld  %s\n", json_text(check, "id"),
                         (long long)number_of(check, "passed"), json_text(check, "text"));
        else
            bytes_format(out, "  %-22s %6s  %s\n", json_text(check, "id"),
                         strcmp(verdict, "fail") == 0 ? "FAILED" : "-", json_text(check, "text"));
    }
}

void verify_text(struct bytes *out, const json_t *report)
{
    verdict_lines(out, report);
    warning_lines(out, report);
    ceremony_lines(out, report);
    people_lines(out, report);
    failed_lines(out, report);
    deviation_lines(out, report);
    list_lines(out, report, "unchecked", "Could not be checked");
    list_lines(out, report, "notes", "Notes");
    passed_lines(out, json_object_get(report, "checks"));
    list_lines(out, report, "cannot_prove", "What no check of a record can prove");
    bytes_text(out, "\n"); /* once more, where people look when the rest ran over the screen */
    verdict_lines(out, report);
}

/* The report's later sections: deviations, controls, the steps themselves, sign-off. */
#include "reportparts.h"

#include <string.h>

static json_int_t number_of(const json_t *object, const char *member)
{
    return json_integer_value(json_object_get(object, member));
}

/* A failure may name a page that cannot be read, and is not told here. */
static bool is_told(const json_t *report, json_int_t number)
{
    size_t i;
    json_t *page;
    json_array_foreach(json_object_get(report, "pages"), i,
                       page) if (number_of(page, "number") == number) return true;
    return false;
}

static json_t *evidence_link(const json_t *report, const json_t *evidence)
{
    json_int_t number = number_of(evidence, "page");
    const char *member = json_text(evidence, "member");
    OWN(char) *text = text_format(*member != '\0' ? "page %lld: %s" : "page %lld", (long long)number, member);
    OWN(char) *to = *member != '\0' ? text_format("page-%lld/%s", (long long)number, member)
                                    : text_format("page-%lld", (long long)number);
    return is_told(report, number) ? line_link(to, text) : line_text("%s", text);
}

/* ---- deviations ---- */

void report_deviations_section(json_t *document, const json_t *report)
{
    json_t *blocks = document_section(document, "deviations", "Deviations"), *page, *deviation, *rows = NULL;
    size_t i, d;
    json_array_foreach(json_object_get(report, "pages"), i, page)
        json_array_foreach(json_object_get(page, "deviations"), d, deviation)
    {
        if (rows == NULL)
            rows = block_table(blocks, "deviations", "Page|Expected|Happened|Decided|By");
        OWN(char) *to = text_format("page-%lld", (long long)number_of(page, "number"));
        row_begin(rows, NULL);
        cell_add(rows, line_link(to, json_text(page, "title")));
        static const char *const columns[] = {"expected", "happened", "decided", "by"};
        for (size_t c = 0; c < 4; c++)
            cell_add(rows, line_text("%s", json_text(deviation, columns[c])));
    }
    if (rows == NULL)
        block_text(blocks, line_text("%s", "None is recorded."));
}

/* ---- controls ---- */

static const char *grade_text(const char *grade)
{
    return strcmp(grade, "none") == 0 ? "not applicable" : grade;
}

static json_t *why_of(const json_t *control)
{
    OWN_STRUCT(bytes) text = {0};
    size_t i;
    json_t *why;
    json_array_foreach(json_object_get(control, "why"), i, why)
        bytes_format(&text, "%s%s", i > 0 ? "; " : "", json_string_value(why));
    return line_text("%s. ", bytes_string(&text));
}

/* A dozen places at most; the JSON form has them all. */
static json_t *evidence_of(const json_t *report, const json_t *control)
{
    json_t *line = json_array(), *evidence;
    size_t i;
    json_array_append_new(line, why_of(control));
    json_array_foreach(json_object_get(control, "evidence"), i, evidence)
    {
        if (i == 12) {
            json_array_append_new(
                line, line_text(" and %zu more", json_array_size(json_object_get(control, "evidence")) - i));
            break;
        }
        if (i > 0)
            json_array_append_new(line, line_text("%s", ", "));
        json_array_append_new(line, evidence_link(report, evidence));
    }
    return line;
}

void report_controls_section(json_t *document, const json_t *report)
{
    json_t *blocks = document_section(document, "controls", "Controls"), *control;
    block_text(
        blocks,
        line_text(
            "Graded for the profile %s. Pass: artefacts of the record show it. Recorded: people state it "
            "there. Fail: the record shows otherwise, or shows nothing.",
            json_text(report, "profile")));
    json_t *rows =
        block_table(blocks, "controls", "Control|Grade|What is asked|Level|Clause|Why, and evidence");
    size_t i;
    json_array_foreach(json_object_get(report, "controls"), i, control)
    {
        const char *grade = json_text(control, "grade");
        row_begin(rows, json_text(control, "id"));
        cell_add(rows, line_text("%s", json_text(control, "id")));
        cell_add(rows, line_styled(grade, grade_text(grade)));
        cell_add(rows, line_text("%s", json_text(control, "asks")));
        cell_add(rows, line_text("%s", json_text(control, "level")));
        cell_add(rows, line_text("%s", json_text(control, "clause")));
        cell_add(rows, evidence_of(report, control));
    }
}

/* ---- steps ---- */

static void paths_add(json_t *rows, const char *label, const json_t *list)
{
    OWN_STRUCT(bytes) text = {0};
    size_t i;
    json_t *one;
    json_array_foreach(list, i, one) bytes_format(&text, "%s%s", i > 0 ? ", " : "", json_text(one, "path"));
    if (text.len > 0)
        field_add(rows, label, line_text("%s", bytes_string(&text)));
}

static void members_add(json_t *blocks, const json_t *page)
{
    json_t *rows = block_table(blocks, "members of the page", "Member|Bytes|SHA-256"), *member;
    size_t i;
    json_array_foreach(json_object_get(page, "members"), i, member)
    {
        OWN(char) *id =
            text_format("page-%lld/%s", (long long)number_of(page, "number"), json_text(member, "name"));
        row_begin(rows, id);
        cell_add(rows, line_styled("code", json_text(member, "name")));
        cell_add(rows, line_text("%lld", (long long)number_of(member, "size")));
        cell_add(rows, line_styled("code", json_text(member, "sha256")));
    }
}

void report_steps_section(json_t *document, const json_t *report)
{
    json_t *blocks = document_section(document, "steps", "Every step"), *page;
    size_t i;
    json_array_foreach(json_object_get(report, "pages"), i, page)
    {
        const json_t *commit = json_object_get(page, "commit");
        OWN(char) *id = text_format("page-%lld", (long long)number_of(page, "number"));
        OWN(char) *title = text_format("%lld. %s, at %s", (long long)number_of(page, "number"),
                                       json_text(page, "title"), json_text(page, "station"));
        json_t *inner = block_fold(blocks, id, title), *rows = block_fields(inner);
        field_add(rows, "File", line_styled("code", json_text(page, "file")));
        field_add(rows, "SHA-256", line_styled("code", json_text(page, "sha256")));
        field_add(rows, "Page before", line_styled("code", json_text(page, "previous")));
        field_add(rows, "Commit",
                  json_is_string(commit) ? line_styled("code", json_string_value(commit))
                                         : line_text("%s", "none: no configuration changed"));
        paths_add(rows, "Changed", json_object_get(page, "changed"));
        paths_add(rows, "Removed", json_object_get(page, "removed"));
        block_pre(inner, "transcript", json_text(page, "transcript"));
        members_add(inner, page);
    }
}

/* ---- sign-off ---- */

static const char how[] =
    "In the record's folder, with the signers' certificates from somewhere else in the folder S:\n\n"
    "  for p in *.tar; do for c in S/*.crt; do s=$(basename \"$c\" .crt)\n"
    "    openssl cms -verify -binary -inform DER -in \"$p.$s.p7s\" -content \"$p\" -nointern \\\n"
    "      -certfile \"$c\" -CAfile \"$c\" -no-CApath -no-CAstore -out /dev/null; done; done\n"
    "  sha256sum *.tar          # each page's page.json names the sum of the page before; the last is the "
    "head\n"
    "  git --git-dir=ledger.git fsck\n\n"
    "The whole of it, with what a hostile record could try, is in verger's README.\n";

void report_sign_off_section(json_t *document, const json_t *report)
{
    json_t *blocks = document_section(document, "check",
                                      "What no check can prove, and how to check without verger"),
           *item;
    json_t *items = block_list(blocks);
    const json_t *verify = json_object_get(report, "verify");
    size_t i;
    json_array_foreach(json_object_get(verify, "cannot_prove"), i, item) json_array_append(items, item);
    block_pre(blocks, "how to check without verger", how);
    blocks = document_section(document, "sign-off", "Sign-off");
    block_text(
        blocks,
        line_text(
            "%s",
            "I was there, I compared the head above with the one read aloud, and say whether the script "
            "was followed."));
    json_array_foreach(json_object_get(verify, "people"), i, item)
    {
        OWN(char) *title = text_format("%s, %s", json_text(item, "name"), json_text(item, "role"));
        block_blanks(blocks, title, "followed (yes / no)|signature|date");
    }
    block_blanks(blocks, "Auditor", "name|signature|date");
}

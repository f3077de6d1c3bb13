/* The report as a document: result first, then what people look for, in the order in which they ask. */
#include "reportparts.h"

#include "../ceremony/digest.h"

#include <ctype.h>
#include <string.h>

static json_int_t number_of(const json_t *object, const char *member)
{
    return json_integer_value(json_object_get(object, member));
}

static bool is_true(const json_t *object, const char *member)
{
    return json_is_true(json_object_get(object, member));
}

/* SHA-256 as auditors list it: upper case, no colons (BR 8.6, CCADB 5.2.3). */
static json_t *fingerprint(const char *hex)
{
    OWN(char) *upper = text_copy(hex);
    for (char *c = upper; *c != '\0'; c++)
        *c = (char)toupper((unsigned char)*c);
    return line_styled("code", upper);
}

static json_t *page_link(json_int_t number)
{
    OWN(char) *to = text_format("page-%lld", (long long)number),
              *text = text_format("page %lld", (long long)number);
    return line_link(to, text);
}

/* ---- result ---- */

/* Green is for a ceremony that was finished as planned. */
static const char *result_style(const json_t *verify)
{
    const char *verdict = json_text(verify, "verdict");
    const json_t *steps = json_object_get(verify, "steps");
    bool finished = number_of(steps, "walked") == number_of(steps, "planned");
    return strncmp(verdict, "does not", 8) == 0 ? "fail"
           : strncmp(verdict, "holds", 5) == 0 && finished && number_of(verify, "exceptions") == 0
               ? "pass"
               : "recorded";
}

/* verify's own sentence, and what it was held against. */
static json_t *result_text(const json_t *verify)
{
    const char *summary = json_text(verify, "summary");
    const json_t *anchors = json_object_get(verify, "anchors");
    if (strncmp(json_text(verify, "verdict"), "does not", 8) == 0)
        return line_text("The record %s.", summary);
    if (strncmp(json_text(verify, "verdict"), "holds", 5) != 0)
        return line_text("The record is %s.", summary);
    return line_text("The record %s, against %s.", summary,
                     is_true(anchors, "signers") ? "signers' certificates from elsewhere"
                                                 : "the head from the signed paper");
}

static void failures_add(json_t *blocks, const json_t *verify)
{
    const json_t *failures = json_object_get(verify, "failures");
    json_t *items = json_array_size(failures) > 0 ? block_list(blocks) : NULL, *failure;
    size_t i;
    json_array_foreach(failures, i, failure)
    {
        const json_t *page = json_object_get(failure, "page");
        json_t *where = json_is_integer(page)
                            ? line_text(" on page %lld", (long long)json_integer_value(page))
                            : line_text("%s", "");
        json_array_append_new(items, line_of(line_styled("fail", json_text(failure, "id")), where,
                                             line_text(": %s", json_text(failure, "text")), NULL));
    }
}

static void head_add(json_t *blocks, const json_t *verify)
{
    const char *head = json_text(verify, "head");
    if (!digest_is_hex(head))
        return;
    OWN(char) *groups = digest_groups(head, 4), *words = digest_words(head, 8);
    OWN(char) *both = text_format("%s\n\n%s", groups, words);
    block_text(blocks,
               line_text("%s", "The record's head, the SHA-256 of its newest page, as hex in fours and as "
                               "the words that were read aloud:"));
    block_pre(blocks, "the record's head", both);
}

static void result_section(json_t *document, const json_t *report)
{
    json_t *blocks = document_section(document, "result", "Result");
    const json_t *verify = json_object_get(report, "verify"), *grades = json_object_get(report, "grades");
    const json_t *ceremony = json_object_get(verify, "ceremony"), *steps = json_object_get(verify, "steps");
    block_result(blocks, result_style(verify), result_text(verify));
    if (is_true(verify, "rehearsal"))
        block_result(blocks, "recorded",
                     line_text("This is a rehearsal: its keys and certificates are throw-away ones."));
    if (is_true(verify, "unattended"))
        block_result(blocks, "recorded", line_text("It was made unattended: the answers came from a file."));
    failures_add(blocks, verify);
    json_t *rows = block_fields(blocks);
    field_add(rows, "Ceremony",
              line_text("%s, version %s", json_text(ceremony, "title"), json_text(ceremony, "version")));
    field_add(rows, "Ceremony id", line_styled("code", json_text(ceremony, "id")));
    field_add(rows, "Steps",
              line_text("%lld of %lld walked", (long long)number_of(steps, "walked"),
                        (long long)number_of(steps, "planned")));
    const json_t *aborted = json_object_get(verify, "aborted");
    if (json_is_object(aborted))
        field_add(rows, "Aborted",
                  line_text("at step %lld, by %s: %s", (long long)number_of(aborted, "step"),
                            json_text(aborted, "by"), json_text(aborted, "why")));
    field_add(rows, "Exceptions",
              line_of(line_text("%lld; ", (long long)number_of(verify, "exceptions")),
                      line_link("deviations", "each with its decision"), NULL));
    field_add(rows, "Lint", report_lints_line(report));
    field_add(rows, "Controls",
              line_of(line_text("profile %s: %lld pass, %lld recorded, %lld fail, %lld not applicable; ",
                                json_text(report, "profile"), (long long)number_of(grades, "pass"),
                                (long long)number_of(grades, "recorded"),
                                (long long)number_of(grades, "fail"), (long long)number_of(grades, "none")),
                      line_link("controls", "each with its evidence"), NULL));
    head_add(blocks, verify);
    block_text(
        blocks,
        line_text("%s",
                  "The standards that the controls cite do not bind an enterprise's own PKI; they are the "
                  "yardstick that an auditor uses. This report grades; it claims no conformity."));
}

/* ---- people, time ---- */

static json_t *pages_text(json_int_t count)
{
    return count == 0 ? line_text("%s", "no page")
                      : line_text("%lld page%s", (long long)count, count == 1 ? "" : "s");
}

static void people_section(json_t *document, const json_t *report)
{
    json_t *blocks = document_section(document, "people", "People and stations"), *item;
    const json_t *verify = json_object_get(report, "verify");
    size_t i;
    json_t *rows = block_table(blocks, "people", "Name|Role");
    json_array_foreach(json_object_get(verify, "people"), i, item)
    {
        row_begin(rows, NULL);
        cell_add(rows, line_text("%s", json_text(item, "name")));
        cell_add(rows, line_text("%s", json_text(item, "role")));
    }
    rows = block_table(blocks, "stations", "Station|What it is");
    json_array_foreach(json_object_get(json_object_get(report, "plan"), "stations"), i, item)
    {
        row_begin(rows, NULL);
        cell_add(rows, line_text("%s", json_text(item, "name")));
        cell_add(rows, line_text("%s", json_text(item, "text")));
    }
    rows = block_table(blocks, "sealing certificates",
                       "Seals as|Name|SHA-256 of the certificate|Sealed|Revoked");
    json_array_foreach(json_object_get(verify, "signers"), i, item)
    {
        row_begin(rows, NULL);
        cell_add(rows, line_text("%s", json_text(item, "label")));
        cell_add(rows, line_text("%s", json_text(item, "name")));
        cell_add(rows, fingerprint(json_text(item, "sha256")));
        cell_add(rows, pages_text(number_of(item, "pages")));
        cell_add(rows, json_is_integer(json_object_get(item, "revoked"))
                           ? page_link(number_of(item, "revoked"))
                           : line_text("%s", "no"));
    }
}

static json_t *joined(const json_t *texts)
{
    OWN_STRUCT(bytes) line = {0};
    size_t i;
    json_t *text;
    json_array_foreach(texts, i, text)
        bytes_format(&line, "%s%s", i > 0 ? ", " : "", json_string_value(text));
    return line_text("%s", bytes_string(&line));
}

static void timeline_section(json_t *document, const json_t *report)
{
    json_t *blocks = document_section(document, "timeline", "Timeline"), *page;
    json_t *rows = block_table(blocks, "timeline", "Page|Began (UTC)|Finished|Station|Step|Sealed by");
    size_t i;
    json_array_foreach(json_object_get(report, "pages"), i, page)
    {
        row_begin(rows, NULL);
        cell_add(rows, page_link(number_of(page, "number")));
        cell_add(rows, line_styled("time", json_text(json_object_get(page, "started"), "utc")));
        cell_add(rows, line_styled("time", json_text(json_object_get(page, "finished"), "utc")));
        cell_add(rows, line_text("%s", json_text(page, "station")));
        cell_add(rows, line_text("%s", json_text(page, "title")));
        cell_add(rows, joined(json_object_get(page, "seals")));
    }
    json_array_foreach(json_object_get(report, "unreadable"), i, page) block_result(
        blocks, "fail", line_text("%s cannot be read: %s", json_text(page, "file"), json_text(page, "why")));
    block_text(
        blocks,
        line_text("%s", "Times are what the people there asserted, unless a time stamp is named above."));
}

static void trust_section(json_t *document, const json_t *report)
{
    json_t *blocks = document_section(document, "trust", "Who vouches for whom");
    OWN_STRUCT(bytes) svg = {0}, said = {0};
    report_diagram(&svg, &said, report);
    block_drawing(blocks, bytes_string(&svg), bytes_string(&said));
}

/* ---- what was made ---- */

static void keys_section(json_t *document, const json_t *report)
{
    json_t *blocks = document_section(document, "keys", "Key inventory"), *key;
    json_t *rows = block_table(blocks, "keys", "Key|Kind|SHA-256 of the public key|Where|Told on|Purged");
    size_t i;
    json_array_foreach(json_object_get(report, "keys"), i, key)
    {
        const json_t *purged = json_object_get(key, "purged");
        row_begin(rows, NULL);
        cell_add(rows, line_text("%s", json_text(key, "name")));
        cell_add(rows, line_text("%s", json_text(key, "key")));
        cell_add(rows, fingerprint(json_text(key, "spki_sha256")));
        cell_add(rows, line_text("%s", *json_text(key, "place") != '\0' ? json_text(key, "place")
                                                                        : "used from the media"));
        cell_add(rows, page_link(number_of(key, "page")));
        cell_add(rows,
                 json_is_integer(purged) ? page_link(json_integer_value(purged)) : line_text("%s", "no"));
    }
    block_text(
        blocks,
        line_text(
            "%s",
            "Keys are software keys, generated by OpenSSL's default generator and encrypted in files."));
}

static void certificate_add(json_t *blocks, const json_t *made, size_t i)
{
    OWN(char) *id = text_format("certificate-%zu", i);
    json_t *inner = block_fold(blocks, id, json_text(made, "name")), *rows = block_fields(inner), *extension;
    field_add(rows, "Subject", line_text("%s", json_text(made, "subject")));
    field_add(rows, "Issuer", line_text("%s", json_text(made, "issuer")));
    field_add(rows, "Serial number", line_styled("code", json_text(made, "serial")));
    field_add(rows, "Validity",
              line_text("%s to %s", json_text(made, "not_before"), json_text(made, "not_after")));
    field_add(rows, "Public key", line_text("%s", json_text(made, "key")));
    field_add(rows, "Signed with", line_text("%s", json_text(made, "signature")));
    field_add(rows, "SHA-256", fingerprint(json_text(made, "sha256")));
    field_add(rows, "SHA-256 of the key", fingerprint(json_text(made, "spki_sha256")));
    size_t e;
    json_array_foreach(json_object_get(made, "extensions"), e, extension) field_add(
        rows, json_text(extension, "name"),
        line_text("%s%s", json_text(extension, "text"), is_true(extension, "critical") ? " (critical)" : ""));
    field_add(
        rows, "Told on",
        line_of(page_link(number_of(made, "page")), line_text(", %s", json_text(made, "member")), NULL));
    OWN(char) *words = digest_words(json_text(made, "sha256"), 8);
    block_pre(inner, "the fingerprint in words", words);
}

static void list_add(json_t *blocks, const json_t *made, size_t i)
{
    OWN(char) *id = text_format("list-%zu", i);
    json_t *inner = block_fold(blocks, id, json_text(made, "name")), *rows = block_fields(inner), *entry;
    field_add(rows, "Issuer", line_text("%s", json_text(made, "issuer")));
    field_add(rows, "Number", line_text("%lld", (long long)number_of(made, "number")));
    field_add(rows, "From, next update",
              line_text("%s, %s", json_text(made, "this_update"), json_text(made, "next_update")));
    field_add(rows, "Entries", line_text("%lld", (long long)number_of(made, "entries")));
    field_add(rows, "SHA-256", fingerprint(json_text(made, "sha256")));
    field_add(
        rows, "Told on",
        line_of(page_link(number_of(made, "page")), line_text(", %s", json_text(made, "member")), NULL));
    if (json_array_size(json_object_get(made, "revoked")) == 0)
        return;
    size_t e;
    rows = block_table(inner, "revoked", "Serial number|Revoked|Reason (RFC 5280 5.3.1)");
    json_array_foreach(json_object_get(made, "revoked"), e, entry)
    {
        json_int_t reason = number_of(entry, "reason");
        row_begin(rows, NULL);
        cell_add(rows, line_styled("code", json_text(entry, "serial")));
        cell_add(rows, line_text("%s", json_text(entry, "date")));
        cell_add(rows, reason < 0 ? line_text("%s", "none") : line_text("%lld", (long long)reason));
    }
}

static void made_section(json_t *document, const json_t *report)
{
    json_t *blocks = document_section(document, "made", "Certificates and revocation lists"), *made;
    size_t i;
    json_array_foreach(json_object_get(report, "certificates"), i, made) certificate_add(blocks, made, i);
    json_array_foreach(json_object_get(report, "crls"), i, made) list_add(blocks, made, i);
}

static void register_section(json_t *document, const json_t *report)
{
    json_t *blocks = document_section(document, "register", "Register of what the root key signed"), *entry;
    const json_t *entries = json_object_get(report, "register");
    size_t i;
    if (json_array_size(entries) == 0) {
        block_text(blocks, line_text("%s", "No page of this record has one."));
        return;
    }
    block_text(blocks,
               line_text("%s",
                         "As the newest page that has it holds it: everything since the register began, "
                         "earlier ceremonies too. Each entry names the hash of the one before."));
    json_t *rows = block_table(blocks, "register", "Entry|Kind|Number|Ceremony|Page|SHA-256");
    json_array_foreach(entries, i, entry)
    {
        const json_t *number = json_object_get(entry, "number");
        row_begin(rows, NULL);
        cell_add(rows, line_text("%zu", i + 1));
        cell_add(rows, line_text("%s", json_text(entry, "kind")));
        cell_add(rows, json_is_integer(number) ? line_text("%lld", (long long)json_integer_value(number))
                                               : line_styled("code", json_text(entry, "serial")));
        cell_add(rows, line_styled("code", json_text(entry, "ceremony")));
        cell_add(rows, line_text("%lld", (long long)number_of(entry, "page")));
        cell_add(rows, fingerprint(json_text(entry, "sha256")));
    }
}

static void due_section(json_t *document, const json_t *report)
{
    json_t *blocks = document_section(document, "due", "What is due"), *due;
    json_t *rows = block_table(blocks, "calendar", "By|What|Of");
    size_t i;
    json_array_foreach(json_object_get(report, "due"), i, due)
    {
        row_begin(rows, NULL);
        cell_add(rows, line_text("%.10s", json_text(due, "date")));
        cell_add(rows, line_text("%s", json_text(due, "what")));
        cell_add(rows, line_text("%s", json_text(due, "name")));
    }
}

json_t *report_document(const json_t *report)
{
    OWN(char) *title =
        text_format("Report of a key ceremony: %s",
                    json_text(json_object_get(json_object_get(report, "verify"), "ceremony"), "title"));
    json_t *document = document_new(title);
    result_section(document, report);
    people_section(document, report);
    report_revoked_section(document, report);
    timeline_section(document, report);
    trust_section(document, report);
    due_section(document, report);
    keys_section(document, report);
    made_section(document, report);
    register_section(document, report);
    report_lints_section(document, report);
    report_deviations_section(document, report);
    report_history_section(document, report);
    report_controls_section(document, report);
    report_steps_section(document, report);
    report_sign_off_section(document, report);
    return document;
}

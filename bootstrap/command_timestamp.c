#include "command.h"
#include "trust.h"

#include "../audit/beside.h"
#include "../audit/timestamp.h"
#include "../ceremony/certificate.h"
#include "../ceremony/file.h"

#include <string.h>

/* The request goes into a new file, to be carried to whatever authority. */
static bool query(const struct arguments *arguments, struct err *err)
{
    const char *path = arguments_value(arguments, "query");
    OWN_STRUCT(trusted) trusted = {0};
    OWN_STRUCT(bytes) der = {0};
    OWN_STRUCT(bytes) said = {0};
    unsigned number = 0;
    if (!trust_record(&trusted, arguments, arguments->operand, err) ||
        !trust_page(&number, arguments, trusted.record, err))
        return false;
    const struct page_read *page = record_page(trusted.record, number);
    if (!timestamp_query(&der, page->sha256, err) || !file_create(path, der.data, der.len, 0644, err))
        return false;
    OWN(char) *groups = digest_groups(page->sha256, 8);
    trusted_text(&said, &trusted);
    bytes_format(
        &said,
        "Written: %s, a request over the SHA-256 of %s:\n%s\nCarry it to a timestamping authority, for "
        "example\n"
        "    curl -H 'Content-Type: application/timestamp-query' --data-binary @%s -o REPLY URL\n"
        "and bring the answer back: verger timestamp %s --reply REPLY --query %s\n",
        path, page->name, groups, path, arguments->operand, path);
    return command_print(&said, false, err);
}

/* The page that the reply is about. */
static bool page_find(unsigned *number, struct timestamp *stamp, const struct record *record,
                      const struct bytes *der, const char *path, struct err *err)
{
    enum timestamp_rule broken = TIMESTAMP_FORM;
    for (unsigned i = record_count(record); i-- > 0;) {
        if (timestamp_read(stamp, &broken, der, record_page(record, i)->sha256, path, err)) {
            *number = i;
            return true;
        }
        if (broken != TIMESTAMP_IMPRINT)
            return false;
    }
    return err_set(err, "%s: is about no page of this record; is it another record's, or another's reply?",
                   path);
}

static bool reply_check(const struct arguments *arguments, const struct bytes *der, const char *sha256,
                        struct err *err)
{
    const char *path = arguments_value(arguments, "reply"), *asked = arguments_value(arguments, "query");
    const char *ca = arguments_value(arguments, "tsa-ca");
    OWN_STRUCT(bytes) request = {0};
    if (asked != NULL &&
        (!file_read(&request, asked, FILE_MAX_SMALL, err) || !timestamp_answers(der, &request, path, err)))
        return false;
    return ca == NULL || timestamp_trust(der, sha256, ca, path, err);
}

/* Verified first, then taken with its lock: record_open reads it all once more. */
static bool record_take(struct record **out, const struct arguments *arguments, struct err *err)
{
    if (!file_is_folder(arguments->operand))
        return err_set(err, "%s: no such record", arguments->operand);
    if (!record_open(out, arguments->operand, true, err) || !beside_recover(*out, err))
        return false;
    OWN_STRUCT(trusted) trusted = {0};
    if (!trust_record(&trusted, arguments, arguments->operand, err))
        return false;
    return trusted.verdict != VERDICT_CUT_OFF ||
           err_set(err, "%s: a step is under way or was cut off; run verger at its station first",
                   arguments->operand);
}

static bool reply(const struct arguments *arguments, struct err *err)
{
    const char *path = arguments_value(arguments, "reply");
    OWN_RECORD *record = NULL;
    OWN_STRUCT(bytes) der = {0};
    OWN_STRUCT(bytes) said = {0};
    struct timestamp stamp = {0};
    unsigned number = 0;
    char when[32];
    if (!file_read(&der, path, FILE_MAX_SMALL, err) || !record_take(&record, arguments, err) ||
        !page_find(&number, &stamp, record, &der, path, err))
        return false;
    const struct page_read *page = record_page(record, number);
    OWN(char) *name = text_format(TIMESTAMP_FOLDER "/%s" TIMESTAMP_END, page->name);
    if (!reply_check(arguments, &der, page->sha256, err) || !beside_put(record, name, &der, err))
        return false;
    time_text(when, stamp.time);
    bytes_format(&said, "Stored: %s/%s\nPage %u existed before %s, says %s%s.\n", arguments->operand, name,
                 number, when, stamp.authority,
                 arguments_has(arguments, "tsa-ca") ? "" : "; whose word that is, `verify --tsa-ca` checks");
    return command_print(&said, false, err);
}

static int run(const struct arguments *arguments, struct err *err)
{
    if (!arguments_has(arguments, "reply") && !arguments_has(arguments, "query")) {
        err_set(err, "give --query FILE to ask, or --reply FILE to store the answer");
        return EXIT_USAGE;
    }
    bool done = arguments_has(arguments, "reply") ? reply(arguments, err) : query(arguments, err);
    return done ? EXIT_DONE : EXIT_FAILED;
}

static const struct parameter parameters[] = {
    {.name = "query",
     .reach = REACH_BESIDE,
     .value = "FILE",
     .help = "write the request there, a new file; with --reply, the one\n"
             "that was sent, whose nonce the reply must have"},
    {.name = "reply",
     .value = "FILE",
     .help = "the authority's answer: check it, and store it in the record"},
    {.name = "page",
     .reach = REACH_NOTHING,
     .value = "N",
     .help = "the page to ask about, from 0; else the newest one, whose\n"
             "hash is the record's head"},
    {.name = "tsa-ca",
     .value = "FILE",
     .help = "with --reply: the authority must be under these certificates (PEM)"},
    TRUST_PARAMETERS,
    {0},
};

const struct command command_timestamp = {
    .name = "timestamp",
    .does = "Ask a timestamping authority about a record's head; keep its word.",
    .operand = "RECORD",
    .parameters = parameters,
    .more =
        "Nothing is sent: the request is a file to be carried, and so is the answer. It lies in the record "
        "as\n"
        "times/PAGE.tar.tsr; verger verify --tsa-ca FILE checks it, and so does\n"
        "  openssl ts -verify -in times/PAGE.tar.tsr -data PAGE.tar -CAfile FILE",
    .example = "  verger timestamp record/ --query head.tsq\n"
               "  verger timestamp record/ --reply head.tsr --query head.tsq --tsa-ca tsa-ca.pem",
    .exits = "0 written, or stored; 1 failed, and nothing was; 2 usage.",
    .fenced = true,
    .reach = REACH_CHANGE,
    .run = run,
};

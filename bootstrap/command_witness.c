#include "command.h"
#include "host.h"
#include "sealkey.h"
#include "trust.h"

#include "../audit/beside.h"
#include "../audit/pagejson.h"
#include "../audit/verify.h"
#include "../audit/witness.h"
#include "../ceremony/file.h"

#include <limits.h>
#include <string.h>

static void room_print(const struct room *room, char *text)
{
    room->say(room->context, text);
    free(text);
}

/* Nobody seals what does not hold together; from outside it, only the witness's own eyes judge. */
static bool record_holds(const struct arguments *arguments, struct err *err)
{
    const struct verify_options options = {
        .record = arguments->operand,
        .signers = arguments_value(arguments, "signers"),
        .head = arguments_value(arguments, "head"),
    };
    OWN(json_t) *report = NULL;
    enum verdict verdict = VERDICT_FAILS;
    if (!verify_record(&report, &verdict, &options, err))
        return false;
    if (verdict == VERDICT_FAILS)
        return err_set(err, "%s: does not hold, and nobody should seal it; `verger verify %s` says why",
                       options.record, options.record);
    if (verdict == VERDICT_CUT_OFF)
        return err_set(err, "%s: a step is under way or was cut off; run verger at its station first",
                       options.record);
    return true;
}

static bool record_take(struct record **out, const char *folder, struct err *err)
{
    if (!file_is_folder(folder))
        return err_set(err, "%s: no such record", folder);
    if (!record_open(out, folder, true, err))
        return false;
    return record_count(*out) > 0 ? beside_recover(*out, err)
                                  : err_set(err, "%s: holds no page; it is no record", folder);
}

static bool is_closing(const struct page_read *page)
{
    size_t i;
    json_t *output;
    json_array_foreach(json_object_get(page->json, "outputs"), i, output)
    {
        if (strcmp(page_json_text(output, "kind", NULL), "closing") == 0)
            return true;
    }
    return false;
}

/* Where none is named, the one that waits, else the newest. With --close, the one on which everybody
 * attested. */
static bool page_choose(unsigned *number, const struct arguments *arguments, const struct record *record,
                        struct err *err)
{
    const bool close = arguments_has(arguments, "close");
    if (!trust_page(number, arguments, record, err))
        return false;
    if (!arguments_has(arguments, "page") && (close || record_waits(record) > 0))
        *number = record_walked(record);
    return !close || is_closing(record_page(record, *number)) ||
           err_set(err, "--close: page %u has no closing statement (attest); the ceremony is not closed",
                   *number);
}

/* What is about to be sealed, as it can be compared with the other people's screens and paper. */
static void page_show(const struct room *room, const struct record *record, unsigned number)
{
    const struct page_read *page = record_page(record, number);
    const json_t *json = page->json;
    OWN(char) *groups = digest_groups(page->sha256, 8);
    OWN(char) *words = digest_words(page->sha256, 8);
    room_print(
        room,
        text_format("%sPage %u of %u: %s, at %s, finished %s.\nCeremony: %s, version %s (%s)\n"
                    "SHA-256 of the page, which its seals cover%s:\n%s\n%s",
                    json_is_true(json_object_get(json, "rehearsal")) ? "REHEARSAL " : "", number,
                    record_count(record) - 1, page_json_text(json, "title", NULL),
                    page_json_text(json, "station", NULL), page_json_text(json, "finished", "utc"),
                    page_json_text(json, "ceremony", "title"), page_json_text(json, "ceremony", "version"),
                    page_json_text(json, "ceremony", "id"),
                    number + 1 == record_count(record) ? "; it is the record's head" : "", groups, words));
}

static bool agreed(const struct room *room, const char *name, struct err *err)
{
    static const char *const choices[] = {"yes", "stop", NULL};
    OWN(char) *question = text_format("Is this the page that you saw made, and do you, %s, seal it?", name);
    const char *chosen = NULL;
    return room->choose(room->context, "witness.seal.1", question, choices, &chosen, err) &&
           (strcmp(chosen, "yes") == 0 || err_set(err, "stopped; nothing was sealed"));
}

/* Told before the question, although the record would refuse the seal as well. */
static bool is_person(const struct signer *signer, struct err *err)
{
    return signer->station[0] == '\0' ||
           err_set(err,
                   "your certificate is the sealing certificate of the station \"%s\"; a witness seals with "
                   "a key of their own (verger enrol --witness)",
                   signer->station);
}

/* With a key of the witness's own. */
static bool seal_with_key(char **name, const struct arguments *arguments, struct record *record,
                          unsigned number, const struct room *room, struct err *err)
{
    OWN_SEAL *seal = NULL;
    struct signer signer;
    const struct sealkey key = {
        .home = arguments_value(arguments, "home"),
        .key = arguments_value(arguments, "key"),
        .certificate = arguments_value(arguments, "certificate"),
    };
    return sealkey_open(&seal, &key, room, "nothing was sealed", err) &&
           signer_read(&signer, seal_certificate(seal), "your certificate", err) && is_person(&signer, err) &&
           agreed(room, signer.name, err) && witness_seal(name, record, number, seal, err);
}

/* A seal that was made elsewhere, with openssl: whoever made it has agreed. */
static bool seal_from_file(char **name, const struct arguments *arguments, struct record *record,
                           unsigned number, struct err *err)
{
    const char *path = arguments_value(arguments, "seal");
    OWN_STRUCT(bytes) p7s = {0};
    return file_read(&p7s, path, FILE_MAX_SMALL, err) &&
           (witness_place(name, record, number, &p7s, err) || err_wrap(err, "%s", path));
}

static void say_done(const struct room *room, const struct record *record, const char *name)
{
    OWN(char) *waits = record_waits(record) == 0 ? text_copy("")
                                                 : text_format("\nPage %u waits for %u more.",
                                                               record_walked(record), record_waits(record));
    room_print(room, text_format("Sealed: %s/%s\nAnother copy of this record gets the seal when this file is "
                                 "copied beside its page.%s",
                                 record_folder(record), name, waits));
}

static bool witness(const struct arguments *arguments, struct err *err)
{
    const char *const public[] = {arguments->operand, NULL};
    OWN_STRUCT(host) host = {.terminal = {.in = -1}};
    OWN_RECORD *record = NULL;
    OWN(char) *name = NULL;
    unsigned number = 0;
    if (!host_open(&host, arguments_value(arguments, "answers"), arguments_values(arguments, "password-file"),
                   public, false, err))
        return false;
    struct room room = host_room(&host);
    if (!record_take(&record, arguments->operand, err) || !record_holds(arguments, err) ||
        !page_choose(&number, arguments, record, err))
        return false;
    page_show(&room, record, number);
    bool sealed = arguments_has(arguments, "seal")
                      ? seal_from_file(&name, arguments, record, number, err)
                      : seal_with_key(&name, arguments, record, number, &room, err);
    if (sealed)
        say_done(&room, record, name);
    return sealed;
}

static int run(const struct arguments *arguments, struct err *err)
{
    bool home = arguments_has(arguments, "home"), key = arguments_has(arguments, "key");
    bool certificate = arguments_has(arguments, "certificate"), seal = arguments_has(arguments, "seal");
    if (arguments_has(arguments, "close") && arguments_has(arguments, "page")) {
        err_set(err, "--close names the page already; leave out --page");
        return EXIT_USAGE;
    }
    if (home + key + seal != 1 || key != certificate) {
        err_set(err, "give one of --home DIR, --key FILE with --certificate FILE, or --seal FILE");
        return EXIT_USAGE;
    }
    return witness(arguments, err) ? EXIT_DONE : EXIT_FAILED;
}

static const struct parameter parameters[] = {
    {.name = "page",
     .reach = REACH_NOTHING,
     .value = "N",
     .help = "the page to seal, from 0; else the one that waits, or the newest"},
    {.name = "close", .help = "the page that holds the closing statement"},
    {.name = "home", .value = "DIR", .help = "your seal.key and seal.crt, from verger enrol --witness"},
    {.name = "key", .value = "FILE", .help = "your key (PEM), where it lies elsewhere"},
    {.name = "certificate", .value = "FILE", .help = "and the certificate that goes with it"},
    {.name = "seal",
     .value = "FILE",
     .help = "a seal that was made with openssl: checked, then put in place"},
    {.name = "signers", .value = "FILE", .help = "check the record against these certificates first"},
    {.name = "head",
     .reach = REACH_NOTHING,
     .value = "HASH",
     .help = "check that this is its head first, in hex or words"},
    {.name = "password-file",
     .value = "NAME=FILE",
     .help = "seal=FILE: the key's password, instead of asking for it"},
    {.name = "answers", .value = "FILE", .help = "JSON object from prompt id to answer (witness.seal.1)"},
    {0},
};

const struct command command_witness = {
    .name = "witness",
    .does = "Add a witness's own seal to a page of a record.",
    .operand = "RECORD",
    .parameters = parameters,
    .more =
        "The record is verified first; then the page is shown, and you are asked. Your certificate must be\n"
        "enrolled in the record (verger run --enrol, at its beginning). Where several seal copies of a "
        "record,\n"
        "their seals are brought together by copying the files PAGE.tar.NAME.p7s beside the page. Without\n"
        "verger, the same seal is made by:\n"
        "  openssl cms -sign -binary -nosmimecap -md sha256 -outform DER -in PAGE.tar \\\n"
        "      -signer seal.crt -inkey seal.key -out PAGE.tar.NAME.p7s",
    .example = "  verger witness /media/record --page 5 --home ~/seal",
    .exits = "0 sealed; 1 failed, and nothing was sealed; 2 usage.",
    .secrets = true,
    .fenced = true,
    .reach = REACH_CHANGE,
    .run = run,
};

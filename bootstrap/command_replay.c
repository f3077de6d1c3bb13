#include "command.h"
#include "host.h"
#include "trust.h"

#include "../audit/change.h"
#include "../audit/transcript.h"
#include "../ceremony/digest.h"
#include "../lua/replay.h"

#include <string.h>

/* ---- for people ---- */

/* The record's own words stay on their line. */
static void word_add(struct bytes *out, const char *text)
{
    transcript_escape(out, text, strlen(text));
}

static const char *sentence_of(const char *verdict)
{
    static const struct {
        const char *verdict, *sentence;
    } sentences[] = {
        {"identical", "identical"},
        {"resigned", "the same to-be-signed part, another signature"},
        {"unsigned", "the same to-be-signed part, not signed again"},
        {"different", "DIFFERENT"},
        {"not again", "not made again"},
    };
    for (size_t i = 0; i < sizeof sentences / sizeof *sentences; i++)
        if (strcmp(sentences[i].verdict, verdict) == 0)
            return sentences[i].sentence;
    return verdict;
}

static void verdict_text(struct bytes *out, const char *what, const json_t *item)
{
    word_add(out, what);
    bytes_format(out, ": %s\n", sentence_of(json_text(item, "verdict")));
    if (*json_text(item, "why") != '\0') {
        bytes_text(out, "      ");
        word_add(out, json_text(item, "why"));
        bytes_text(out, "\n");
        return;
    }
    change_text(out, item, "      ");
}

static void items_text(struct bytes *out, const json_t *items)
{
    json_int_t page = -1;
    size_t i;
    const json_t *item;
    json_array_foreach(items, i, item)
    {
        json_int_t here = json_integer_value(json_object_get(item, "page"));
        if (here != page) {
            bytes_format(out, "\nPage %lld: ", (long long)here);
            word_add(out, json_text(item, "title"));
            bytes_text(out, "\n");
        }
        page = here;
        bytes_text(out, "  ");
        verdict_text(out, json_text(item, "what"), item);
    }
}

static void report_text(struct bytes *out, const json_t *report)
{
    const json_t *plan = json_object_get(report, "plan");
    bool faithful = json_is_true(json_object_get(report, "faithful"));
    if (!json_is_true(json_object_get(report, "same_program")))
        bytes_text(out,
                   "This verger is not the program that made the record: what differs may be its doing.\n");
    bytes_text(out, "\n");
    verdict_text(out, "The script of page 0, run by this program, against the plan of page 0", plan);
    items_text(out, json_object_get(report, "items"));
    bytes_text(out, faithful ? "\nWhat could be made again came out as the record has it.\n"
                             : "\nNOT all of it came out as the record has it.\n");
    if (!json_is_true(json_object_get(report, "signed")))
        bytes_text(out, "Nothing was signed: with --root-key the signatures are made again, too.\n");
}

static bool show(const struct trusted *t, json_t *report, bool json, struct err *err)
{
    OWN_STRUCT(bytes) out = {0};
    if (json) {
        json_object_set_new(report, "verdict", json_string(trusted_verdict(t)));
        json_object_set_new(report, "head", json_string(record_head(t->record)));
        return command_print_json(report, err);
    }
    trusted_text(&out, t);
    report_text(&out, report);
    return command_print(&out, false, err);
}

/* ---- the command ---- */

static bool replay(json_t **report, const struct trusted *t, const struct arguments *arguments,
                   struct err *err)
{
    OWN_STRUCT(host) host = {.terminal = {.in = -1}};
    char binary[DIGEST_HEX];
    const char *const public[] = {arguments->operand, NULL};
    if (!command_binary(binary, err) ||
        !host_open(&host, NULL, arguments_values(arguments, "password-file"), public, false, err))
        return false;
    struct room room = host_room(&host);
    const struct replay_options options = {
        .record = arguments->operand,
        .head = record_head(t->record),
        .root_key = arguments_value(arguments, "root-key"),
        .room = &room,
        .binary_sha256 = binary,
    };
    return replay_record(report, &options, err);
}

static int run(const struct arguments *arguments, struct err *err)
{
    OWN_STRUCT(trusted) t = {0};
    OWN(json_t) *report = NULL;
    if (!trust_record(&t, arguments, arguments->operand, err) || !replay(&report, &t, arguments, err) ||
        !show(&t, report, arguments_has(arguments, "json"), err))
        return EXIT_FAILED;
    return json_is_true(json_object_get(report, "faithful")) ? trust_exit(&t) : EXIT_FAILED;
}

static const struct parameter parameters[] = {
    {.name = "root-key",
     .value = "FILE",
     .help = "the key of the root: what it signed is signed again,\n"
             "and thrown away; without it only what it would sign is made"},
    {.name = "password-file",
     .value = "NAME=FILE",
     .help = "the key's password: NAME is what the script calls the\n"
             "key that it unlocks; else it is asked"},
    TRUST_PARAMETERS,
    {.name = "json", .help = "the same as one line of canonical JSON"},
    {0},
};

const struct command command_replay = {
    .name = "replay",
    .does = "Make everything in a record anew from what it has, and compare.",
    .operand = "RECORD",
    .parameters = parameters,
    .more =
        "The record is verified first; one that does not hold is refused. Then its script must give its "
        "plan,\n"
        "and from the recorded dates, serial numbers, templates and requests the same requests,\n"
        "certificates, revocation lists and configuration must come out, step by step. Signatures of RSA\n"
        "(PKCS #1 v1.5) and Ed25519 must be identical; those of ECDSA are random. Nothing is written.",
    .example = "  verger replay record/ --signers signers.pem\n"
               "  verger replay record/ --root-key root.key \\\n"
               "      --password-file \"root key=root.password\"",
    .exits = "0 nothing is different; 1 something is, or it failed; 2 usage;\n"
             "      3 the same as 0, but the record is not authenticated.",
    .secrets = true,
    .fenced = true,
    .run = run,
};

#include "command.h"

#include "../audit/verify.h"

static int exit_of(enum verdict verdict)
{
    switch (verdict) {
    case VERDICT_HOLDS:
        return EXIT_DONE;
    case VERDICT_CONSISTENT:
    case VERDICT_CUT_OFF:
    case VERDICT_WAITS:
        return EXIT_CONSISTENT;
    case VERDICT_FAILS:
        break;
    }
    return EXIT_FAILED;
}

static int run(const struct arguments *arguments, struct err *err)
{
    const struct verify_options options = {
        .record = arguments->operand,
        .signers = arguments_value(arguments, "signers"),
        .head = arguments_value(arguments, "head"),
        .previous = arguments_value(arguments, "previous"),
        .tsa_ca = arguments_value(arguments, "tsa-ca"),
    };
    bool json = arguments_has(arguments, "json");
    OWN(json_t) *report = NULL;
    OWN_STRUCT(bytes) out = {0};
    enum verdict verdict = VERDICT_FAILS;
    if (!verify_record(&report, &verdict, &options, err))
        return EXIT_FAILED;
    if (json && !json_canonical(&out, report, err))
        return EXIT_FAILED;
    if (json)
        bytes_text(&out, "\n");
    else
        verify_text(&out, report);
    return command_print(&out, json, err) ? exit_of(verdict) : EXIT_FAILED;
}

static const struct parameter parameters[] = {
    {.name = "signers", .value = "FILE", .help = "certificates (PEM) of the signers, had from elsewhere"},
    {.name = "head",
     .reach = REACH_NOTHING,
     .value = "HASH",
     .help = "the record's head from the signed paper: 64 hex digits,\n"
             "or its 32 words as one argument"},
    {.name = "previous", .value = "RECORD", .help = "the record of the ceremony before with the same root"},
    {.name = "tsa-ca", .value = "FILE", .help = "certificates (PEM) of the timestamping authorities' CAs"},
    {.name = "json", .help = "the report as one line of canonical JSON"},
    {0},
};

const struct command command_verify = {
    .name = "verify",
    .does = "Check everything in a record, from disk, running none of it.",
    .operand = "RECORD",
    .parameters = parameters,
    .more = "Everything in a record can be made anew by a forger: it holds only against something from "
            "outside it,\n"
            "--signers or --head.",
    .example = "  verger verify record/ --signers signers.pem",
    .exits = "0 it holds; 1 it does not, or cannot be read; 2 usage; 3 consistent, but not authenticated,\n"
             "cut off, or waiting for witnesses.",
    .fenced = true,
    .run = run,
};

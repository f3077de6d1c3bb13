#include "command.h"
#include "trust.h"

#include "../audit/history.h"

static bool show(const struct trusted *t, const json_t *history, bool json, struct err *err)
{
    OWN_STRUCT(bytes) out = {0};
    if (json) {
        OWN(json_t) *report =
            json_pack("{s:s, s:s, s:s, s:O}", "verdict", trusted_verdict(t), "record",
                      record_folder(t->record), "head", record_head(t->record), "log", history);
        return command_print_json(report, err);
    }
    trusted_text(&out, t);
    bytes_text(&out, "\n");
    history_text(&out, history);
    return command_print(&out, false, err);
}

static int run(const struct arguments *arguments, struct err *err)
{
    OWN_STRUCT(trusted) t = {0};
    OWN(json_t) *history = NULL;
    if (!trust_record(&t, arguments, arguments->operand, err) || !history_of(&history, t.record, err) ||
        !show(&t, history, arguments_has(arguments, "json"), err))
        return EXIT_FAILED;
    return trust_exit(&t);
}

static const struct parameter parameters[] = {
    TRUST_PARAMETERS,
    {.name = "json", .help = "the same as one line of canonical JSON"},
    {0},
};

const struct command command_log = {
    .name = "log",
    .does = "Tell who changed what in the configuration, when, where and why.",
    .operand = "RECORD",
    .parameters = parameters,
    .more =
        "The record is verified first; one that does not hold is refused. All is told from its pages, whose\n"
        "commits are those of ledger.git: `git --git-dir=RECORD/ledger.git log -p` shows the same history in "
        "lines.",
    .example = "  verger log record/ --signers signers.pem",
    .exits =
        "0 done, of a record that holds; 1 failed; 2 usage; 3 done, of a record that is not authenticated.",
    .fenced = true,
    .run = run,
};

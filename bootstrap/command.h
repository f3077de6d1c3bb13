/* command.h - one entry of main's table: what a command is called, takes, and does. */
#ifndef VERGER_COMMAND_H
#define VERGER_COMMAND_H

#include "arguments.h"

#include "../ceremony/json.h"

enum { EXIT_DONE = 0, EXIT_FAILED = 1, EXIT_USAGE = 2, EXIT_CONSISTENT = 3 };

struct command {
    const char *name;
    const char *does;                   /* one sentence, for the list of commands and on top of --help */
    const char *operand;                /* its one word besides options ("SCRIPT"), or NULL */
    const struct parameter *parameters; /* ends with {0} */
    const char *more;                   /* paragraphs for --help, or NULL */
    const char *example;                /* one or more lines */
    const char *exits;                  /* what the exit codes mean here */
    bool secrets;                       /* it handles some */
    bool fenced;                        /* it touches no path but those of its line (fence.h) */
    enum reach reach;                   /* fenced: of its operand */

    /* An exit code; with EXIT_FAILED and EXIT_USAGE `err` holds one text unless all was said. */
    int (*run)(const struct arguments *arguments, struct err *err);
};

extern const struct command command_agenda, command_approve, command_check, command_completion, command_diff,
    command_doctor, command_enrol, command_explain, command_lint, command_log, command_new, command_policy,
    command_rebuild, command_rehearse, command_renew, command_replay, command_report, command_run,
    command_split, command_template, command_timestamp, command_verify, command_witness;

/* All of them, in the order of their names; ends with NULL (commands.c). */
extern const struct command *const commands[];

void command_help(struct bytes *out, const struct command *command);

/* Write what a command has to show to standard output: as it is for programs; for people through plain_add,
 * its lines broken at spaces where it goes to a terminal. A disk that is full or a pipe that is gone is an
 * error. */
MUST_CHECK bool command_print(const struct bytes *text, bool raw, struct err *err);

/* The same for `report`, on one line of canonical JSON. */
MUST_CHECK bool command_print_json(const json_t *report, struct err *err);

/* SHA-256 of the program that runs, whatever lies at its path by now; `hex` has DIGEST_HEX bytes. */
MUST_CHECK bool command_binary(char *hex, struct err *err);

#endif

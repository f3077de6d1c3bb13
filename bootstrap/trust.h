/* trust.h - commands that use a record: how they are told what to trust it by, and what their exit code says
 * of it. */
#ifndef VERGER_TRUST_H
#define VERGER_TRUST_H

#include "command.h"

#include "../audit/trusted.h"

/* The options of every such command, for its table. */
#define TRUST_PARAMETERS                                                                                     \
    {.name = "signers", .value = "FILE", .help = "certificates (PEM) of the signers, had from elsewhere"},   \
    {                                                                                                        \
        .name = "head", .reach = REACH_NOTHING, .value = "HASH",                                             \
        .help = "the record's head from the signed paper: 64 hex digits,\n"                                  \
                "or its 32 words as one argument",                                                           \
    }

/* trusted_open with what the options say. */
MUST_CHECK bool trust_record(struct trusted *out, const struct arguments *arguments, const char *record,
                             struct err *err);

/* The same of a second record: --head is the first one's. */
MUST_CHECK bool trust_other(struct trusted *out, const struct arguments *arguments, const char *record,
                            struct err *err);

/* The page that --page names, or the newest one. */
MUST_CHECK bool trust_page(unsigned *number, const struct arguments *arguments, const struct record *record,
                           struct err *err);

/* EXIT_DONE for a record that holds, EXIT_CONSISTENT for one that is not authenticated, or cut off. */
int trust_exit(const struct trusted *t);

#endif

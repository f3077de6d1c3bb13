/* room.h - the people in the room, as the walk sees them. bootstrap/ implements this (terminal, answers file,
 * unattended); lua/ only calls it. Nothing here is ever written to the record by the room itself. */
#ifndef VERGER_ROOM_H
#define VERGER_ROOM_H

#include "../ceremony/secret.h"

struct room {
    void *context;

    /* Say something: UTF-8, may have newlines; untrusted control characters are escaped by the room. */
    void (*say)(void *context, const char *text);

    /* Ask for one line. `id` is the prompt id (step.verb.n) that an answers file uses. Trimmed, never empty.
     * Fails with no terminal and no answer for the id, naming the id. Caller frees. */
    bool (*ask)(void *context, const char *id, const char *question, char **answer, struct err *err);

    /* Ask for yes or no (an answers file has true/false or "yes"/"no"). Never has a default. */
    bool (*confirm)(void *context, const char *id, const char *question, bool *yes, struct err *err);

    /* Whether an answers file has a value for this prompt id. */
    bool (*has_answer)(void *context, const char *id);

    /* A secret by the name it has in --password-file NAME=FILE, else without echo from the terminal; never
     * from the answers file. `is_new`: typed twice and equal. `attempt` from 1; with a password file only
     * attempt 1 succeeds (the same file would give the same wrong password). */
    bool (*secret)(void *context, const char *name, const char *question, bool is_new, unsigned attempt,
                   struct secret **out, struct err *err);
};

#endif

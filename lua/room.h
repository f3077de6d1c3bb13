/* room.h - the people in the room, as the walk sees them. bootstrap/ implements this (terminal, answers file,
 * unattended); lua/ only calls it. Nothing here is ever written to the record by the room itself. */
#ifndef VERGER_ROOM_H
#define VERGER_ROOM_H

#include "../ceremony/secret.h"

/* What people answer where they are asked. At every prompt they may also stop, or say that something is
 * otherwise than the ceremony expects. */
enum reply {
    REPLY_GIVEN,     /* what was asked for */
    REPLY_STOP,      /* also Ctrl-C */
    REPLY_EXCEPTION, /* what was expected, what happened and what is decided is asked next, by the caller */
};

struct room {
    void *context;

    /* Say something: UTF-8, may have newlines; untrusted control characters are escaped by the room. */
    void (*say)(void *context, const char *text);

    /* Clear the people's screen, before and after somebody is there alone; nothing where there is none. */
    void (*clear)(void *context);

    /* Ask for one line. `id` is the prompt id (step.verb.n) that an answers file uses. Trimmed, never empty.
     * A line that begins with ! is no answer: "!stop" and "!exception" are the other replies, any other is
     * asked for again. Fails with no terminal and no answer for the id, naming the id. Caller frees *answer,
     * which is set with REPLY_GIVEN alone. */
    bool (*ask)(void *context, const char *id, const char *question, enum reply *reply, char **answer,
                struct err *err);

    /* Ask for one of `choices` (ends with NULL; "stop" must be among them, and is what Ctrl-C gives), spelled
     * out; *chosen is one of them. An answers file has that word, or for "yes" true, and for "stop" false or
     * "no". Never has a default. */
    bool (*choose)(void *context, const char *id, const char *question, const char *const *choices,
                   const char **chosen, struct err *err);

    /* Whether an answers file has a value for this prompt id. */
    bool (*has_answer)(void *context, const char *id);

    /* A secret by the name it has in --password-file NAME=FILE, else without echo from the terminal; never
     * from the answers file. `is_new`: typed twice and equal. `attempt` from 1; with a password file only
     * attempt 1 succeeds (the same file would give the same wrong password). Whatever is typed is the secret;
     * Ctrl-C is REPLY_STOP, and *out is set with REPLY_GIVEN alone. */
    bool (*secret)(void *context, const char *name, const char *question, bool is_new, unsigned attempt,
                   enum reply *reply, struct secret **out, struct err *err);
};

#endif

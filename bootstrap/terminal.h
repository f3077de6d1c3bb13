/* terminal.h - the people's terminal: /dev/tty, never standard input.
 *
 * What is shown goes through plain_add. A signal that comes while somebody is asked (Ctrl-C, Ctrl-Z, a
 * hang-up) first gets the terminal back as it was, then has its effect; after Ctrl-Z and `fg` the question is
 * asked again. What was typed before a question was shown is thrown away. Where the people of a walk sit
 * (terminal_hold), Ctrl-C is an answer instead: the reply to stop.
 */
#ifndef VERGER_TERMINAL_H
#define VERGER_TERMINAL_H

#include "../ceremony/secret.h"
#include "../lua/room.h"

#define LINE_MAX_BYTES 4096 /* of an answer */

struct terminal {
    int in;           /* -1: nobody can be asked */
    int out;          /* what is said; standard output where there is no terminal */
    bool held;        /* a walk: every prompt can be stopped, and says how */
    const char *mark; /* in front of its own remarks; or NULL */
    bool bare;        /* a secret is on the screen: a signal clears it before it has its effect */
};

/* The process's terminal; `alone`: nobody sits there, so ask nobody and speak on standard output. */
void terminal_open(struct terminal *out, bool alone);
void terminal_free(struct terminal *t);

/* From now on every prompt can be stopped, and Ctrl-C does nothing else: one that comes between two prompts
 * waits for the next. Nothing where nobody can be asked. */
void terminal_hold(struct terminal *t);

/* A text and a newline. A terminal that is gone is not an error: the next question will be one. */
void terminal_say(const struct terminal *t, const char *text);

/* A secret that somebody is to write down, and a newline: it takes no way but this to the screen. */
void terminal_show(const struct terminal *t, const struct secret *secret);

/* Clear the screen and what it scrolled away, or where it cannot be told to (TERM is not set, or dumb), move
 * all of it out of sight. Nothing where nobody can be asked. */
void terminal_clear(const struct terminal *t);

/* One line, trimmed, not empty, of plain characters; asked until it is. The caller frees. Where it is held, a
 * line that begins with ! is no answer but a reply, "!stop" or "!exception". */
MUST_CHECK bool terminal_ask(const struct terminal *t, const char *question, enum reply *reply, char **answer,
                             struct err *err);

/* One of `choices` (ends with NULL, "stop" is among them), spelled out; asked until it is. Where it is held,
 * a ! in front is no mistake. */
MUST_CHECK bool terminal_choose(const struct terminal *t, const char *question, const char *const *choices,
                                const char **chosen, struct err *err);

/* A secret, not shown while it is typed, not trimmed, not empty; `twice`: a new one, typed again until both
 * are equal; but one that is not strong (secret_is_strong) is given back at once, for the caller to refuse.
 * Any line can be one: where it is held, only Ctrl-C is a reply. */
MUST_CHECK bool terminal_secret(const struct terminal *t, const char *question, bool twice, enum reply *reply,
                                struct secret **out, struct err *err);

#endif

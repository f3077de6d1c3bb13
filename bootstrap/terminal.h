/* terminal.h - the people's terminal: /dev/tty, never standard input.
 *
 * What is shown goes through plain_add. A signal that comes while somebody is asked (Ctrl-C, Ctrl-Z, a
 * hang-up) first gets the terminal back as it was, then has its effect; after Ctrl-Z and `fg` the question is
 * asked again. What was typed before a question was shown is thrown away.
 */
#ifndef VERGER_TERMINAL_H
#define VERGER_TERMINAL_H

#include "../ceremony/secret.h"

#define LINE_MAX_BYTES 4096 /* of an answer */

struct terminal {
    int in;  /* -1: nobody can be asked */
    int out; /* what is said; standard output where there is no terminal */
};

/* The process's terminal; `alone`: nobody sits there, so ask nobody and speak on standard output. */
void terminal_open(struct terminal *out, bool alone);
void terminal_free(struct terminal *t);

/* A text and a newline. A terminal that is gone is not an error: the next question will be one. */
void terminal_say(const struct terminal *t, const char *text);

/* One line, trimmed, not empty, of plain characters; asked until it is. The caller frees. */
MUST_CHECK bool terminal_ask(const struct terminal *t, const char *question, char **answer, struct err *err);

/* "yes" or "no", spelled out; asked until it is one of them. */
MUST_CHECK bool terminal_confirm(const struct terminal *t, const char *question, bool *yes, struct err *err);

/* A secret, not shown while it is typed, not trimmed, not empty; `twice`: typed again until both are equal.
 */
MUST_CHECK bool terminal_secret(const struct terminal *t, const char *question, bool twice,
                                struct secret **out, struct err *err);

#endif

/* host.h - the room (lua/room.h) as a command was told to fill it: the terminal, an answers file, password
 * files. */
#ifndef VERGER_HOST_H
#define VERGER_HOST_H

#include "answers.h"
#include "passwords.h"
#include "terminal.h"

#include "../lua/room.h"

struct host {
    struct terminal terminal;
    struct answers *answers; /* or NULL */
    struct passwords passwords;
    bool unattended; /* ask nobody: an answer that is missing is an error */
};
void host_free(struct host *h);

/* `answers` (a path) may be NULL; `passwords` and `public` as in passwords_read. Everything is read now, so
 * that a mistake shows before anything is done. */
MUST_CHECK bool host_open(struct host *out, const char *answers, const char *const *passwords,
                          const char *const *public, bool unattended, struct err *err);

/* The room; it borrows `host`. */
struct room host_room(struct host *host);

#endif

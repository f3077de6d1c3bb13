/* walk.h - what the commands ask of lua/: print a script's plan, rehearse it, run it, judge a person's name.
 * Each function makes its own Lua states and closes them; errors are single texts as everywhere. */
#ifndef VERGER_WALK_H
#define VERGER_WALK_H

#include "room.h"

#include "../ceremony/bytes.h"

enum agenda_form { AGENDA_TEXT, AGENDA_MARKDOWN, AGENDA_HTML, AGENDA_PROMPTS };

/* `verger agenda`: the plan in sentences, or as the booklet that is printed (HTML, Markdown); runs the
 * script's description and all checks, does nothing. */
MUST_CHECK bool agenda_print(struct bytes *out, const char *script, enum agenda_form form, struct err *err);

/* `verger approve`: what is sealed for an approval, canonical JSON without a newline; `from` and `until` as
 * in a script's dates, or NULL. */
MUST_CHECK bool approval_text(struct bytes *out, const char *script, const char *from, const char *until,
                              const char *approver, struct err *err);

struct walk_options {
    const char *script;  /* path */
    const char *station; /* run only */
    const char *home;    /* run only */
    const char *record;
    const char *media;            /* run only */
    const char *authority;        /* run only */
    const char *const *approvals; /* paths, ends with NULL; used when the record is new */
    const char *const *enrol;     /* paths of certificates, ends with NULL; used when the record is new */
    const char *rehearsal;        /* record of the rehearsal, or NULL */
    const char *previous;         /* run only: record of the ceremony before with the same root, or NULL; */
    const char *previous_head;    /* or its head, hex, or NULL; both are used when the record is new */
    const char *register_record;  /* run only: record that the home's register is completed from, or NULL */
    const char *const *backups;   /* run only: media for backups, NAME=DIR, ends with NULL */
    const char *const *given;     /* run only: names of the passwords that files hold, ends with NULL */
    const char *keep;             /* rehearse only: keep the throw-away authority folders here, or NULL */
    const char *doctor; /* run only: what holds on this machine (doctor.h), canonical JSON and a newline */
    bool unattended;
    const char *replace; /* run only: LABEL=CERT, a signer and the certificate in its stead, or NULL; */
    const char *revoke;  /* or the label alone; then no step is walked */
    bool abort;          /* run only: walk no step, but seal the closing page */
    const struct room *room;
    const char *binary_sha256; /* of the running program: page 0 records it */
};

/* `verger run`: walk this station's steps up to the next hand-over. */
MUST_CHECK bool walk_run(const struct walk_options *options, struct err *err);

/* `verger rehearse`: all stations in one go, throw-away root, keys, people and passwords. */
MUST_CHECK bool walk_rehearse(const struct walk_options *options, struct err *err);

/* Whether a name is one that a script's people could have: the same rule, lua/options.lua's. `what` begins
 * the message. */
MUST_CHECK bool person_check(const char *name, const char *what, struct err *err);

#endif

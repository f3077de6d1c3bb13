/* replay.h - what `verger replay` asks of lua/: a record's artefacts made once more, and held against it. */
#ifndef VERGER_LUA_REPLAY_H
#define VERGER_LUA_REPLAY_H

#include "room.h"

#include "../ceremony/json.h"

struct replay_options {
    const char *record;   /* verified already */
    const char *head;     /* of the record that was verified */
    const char *root_key; /* path, or NULL: then nothing is signed */
    const struct room *room;
    const char *binary_sha256; /* of the running program */
};

/* {"plan": {"verdict", "differences", "why"}, "items": [{"page", "title", "what", "verdict", "differences",
 * "why"}], "faithful", "signed", "same_program"}. A verdict is one of remake.h's (REMADE_...), or "not
 * again": what was random, or judged then. "faithful" is false when the plan or an item is different. Nothing
 * is written. Caller decrefs. */
MUST_CHECK bool replay_record(json_t **report, const struct replay_options *options, struct err *err);

#endif

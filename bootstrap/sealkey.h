/* sealkey.h - the sealing key of a person who approves or witnesses, outside of a walk: its password is asked
 * for. */
#ifndef VERGER_SEALKEY_H
#define VERGER_SEALKEY_H

#include "../audit/seal.h"
#include "../lua/room.h"

/* Where it lies: the folder `home` (seal.key, seal.crt), or, where that is NULL, the files `key` and
 * `certificate`. */
struct sealkey {
    const char *home, *key, *certificate;
};

/* Open it, as seal_open and seal_open_files do, with three tries at its password. `undone` says what a stop
 * left undone: "nothing was approved". */
MUST_CHECK bool sealkey_open(struct seal **out, const struct sealkey *k, const struct room *room,
                             const char *undone, struct err *err);

#endif

/* rebuild.h - the authorities of all stations and the ledger once more, from a record alone.
 *
 *   INTO/STATION/...   the authority of each station that pages put something into: same bytes, modes,
 * folders INTO/ledger.git    same objects, same commit ids
 *
 * Private keys are in no record. Who holds one brings its file, which goes to the place that the record has
 * for it. */
#ifndef VERGER_REBUILD_H
#define VERGER_REBUILD_H

#include "record.h"

/* A key's file as its holder has it (encrypted), and whose it is: SHA-256 of its SubjectPublicKeyInfo, which
 * the caller knows from the opened key. */
struct rebuild_key {
    const char *what; /* the file's name, for messages */
    struct bytes file;
    char spki[DIGEST_HEX];
};

/* Ready before any password is asked: INTO is not there, or is an empty folder of the effective user's that
 * nobody else can write; no link; not inside the record. */
MUST_CHECK bool rebuild_ready(const char *into, const struct record *record, struct err *err);

/* Everything is written and compared with the record in .NAME.verger-rebuild beside INTO, which becomes INTO
 * at the end; one that a cut-off rebuild left there is begun anew. Refused: a key for which the final state
 * of no station has a place, two for one, one that is not that of the certificate it would serve. On failure
 * nothing is left. */
MUST_CHECK bool rebuild_write(const char *into, const struct record *record, const struct rebuild_key *keys,
                              size_t count, struct err *err);

#endif

/* inventory.h - what lies in the authorities of all stations: folders, public files and the places of keys,
 * as pages made them or as a disk has them; and what differs between two. */
#ifndef VERGER_INVENTORY_H
#define VERGER_INVENTORY_H

#include "record.h"

enum thing_kind {
    THING_FOLDER,
    THING_FILE,
    THING_KEY,    /* a private key's place: what lies there is never read */
    THING_CLOSED, /* on disk: a folder that was not looked into */
    THING_OTHER,  /* on disk: a link, a device, what cannot be read; `why` says so */
};
struct thing {
    char *path; /* STATION/path, as pages and the ledger have it */
    enum thing_kind kind;
    unsigned mode;
    struct bytes data;     /* of a file */
    char spki[DIGEST_HEX]; /* of a key that a page tells of, else "" */
    const char *why;       /* static, or NULL */
};
struct inventory { /* sorted by path */
    struct thing *thing;
    size_t count;
};
void inventory_free(struct inventory *i);
const struct thing *inventory_find(const struct inventory *i, const char *path); /* or NULL; borrowed */

/* After pages 0 to `number` of a record. Folders that no page names, but files need, have mode 0700, as the
 * walk makes them. */
void inventory_after(struct inventory *out, const struct record *record, unsigned number);

/* A station's folder on disk, links not followed. What `expected` (of the record) has as a key is not read,
 * nor is anything else in secrets/; the folder db is not looked into: it is step-ca's database. */
MUST_CHECK bool inventory_read(struct inventory *out, const char *folder, const char *station,
                               const struct inventory *expected, struct err *err);

/* Only what is at or below "STATION/". */
void inventory_only(struct inventory *i, const char *station);

/* Where the ca.json of a station says that its authority lies; NULL when there is none, or it does not say.
 * Caller frees. */
char *inventory_home(const struct inventory *i, const char *station);

/* The station that has a ca.json, the first by name; "" when none has. `station` has 33 bytes. */
void inventory_authority(char station[33], const struct inventory *i);

/* [{"path", "kind": "folder", "file", "key" or "other", "status": "same", "changed", "added" or "removed",
 * "mode": {"before", "after"} (where it differs), "key": {"before", "after"} (digests of the public keys,
 * where they differ), "change" (change_describe; of a file that is not the same), "why"}], in the order of
 * the paths; those that are the same only with `all`. The keys of the live tree (no spki) are the same where
 * there is one. Caller decrefs. */
json_t *inventory_difference(const struct inventory *before, const struct inventory *after, bool all);

/* Appended: the same for people. */
void inventory_text(struct bytes *out, const json_t *difference, const char *indent);

#endif

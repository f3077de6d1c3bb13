/* ledger_objects.h - the git objects that a commit brings, computed in memory. For ledger.c and its kin only;
 * everybody else uses ledger.h.
 */
#ifndef VERGER_LEDGER_OBJECTS_H
#define VERGER_LEDGER_OBJECTS_H

#include "ledger.h"

struct object {
    char id[LEDGER_ID];
    const char *type; /* git's word, as in loose.h */
    size_t size;
    char sha256[DIGEST_HEX]; /* of the content */
    struct bytes data;       /* owned; empty for a blob of a tree that holds no contents */
};
struct objects {
    struct object *object;
    size_t count;
};
void objects_free(struct objects *o);

/* All that one commit brings, the commit itself last. Refused: a commit of another tree. */
MUST_CHECK bool objects_of_commit(struct objects *all, const struct bytes *raw,
                                  const struct ledger_tree *tree, struct ledger_commit_read *commit,
                                  struct err *err);

/* objects/xx/yyy... below the repository. Caller frees. */
char *object_path(const char *repository, const char *id);

#endif

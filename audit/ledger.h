/* ledger.h - the configuration's history as a bare git repository, computed in memory and written from pages.
 *
 * A tree is the public files of all stations after a step, at STATION/path (and .gitattributes); every blob
 * is 100644. libgit2 1.5 knows SHA-1 repositories only, so an id here is never the only thing that binds
 * content. ledger.git holds HEAD, config (fixed bytes), refs/heads/main and loose objects (loose.h), and
 * nothing else.
 */
#ifndef VERGER_LEDGER_H
#define VERGER_LEDGER_H

#include "seal.h"

/* The running libgit2's version, "1.5.1". */
void ledger_library(char version[32]);

#define LEDGER_ID 41               /* hex of SHA-1 and the zero byte */
extern const char ledger_config[]; /* the fixed bytes of ledger.git/config */

struct ledger_file {
    char path[160];
    struct bytes data;  /* empty when `id` says what the content is */
    char id[LEDGER_ID]; /* of the blob; "" when `data` is the content */
    char sha256[DIGEST_HEX];
    size_t size;
};
struct ledger_tree { /* sorted by path */
    struct ledger_file *file;
    size_t count;
};
void ledger_tree_free(struct ledger_tree *t);
void ledger_tree_put(struct ledger_tree *t, const char *path, const void *data, size_t len);
/* The same of a content that is not kept: its id as a git blob, its SHA-256 and its size. Such a tree has an
 * id and can be checked, not written. */
void ledger_tree_put_blob(struct ledger_tree *t, const char *path, const char id[LEDGER_ID],
                          const char sha256[DIGEST_HEX], size_t size);
void ledger_tree_remove(struct ledger_tree *t, const char *path); /* not there: nothing happens */

/* The content of a path, or NULL. Borrowed. */
const struct bytes *ledger_tree_find(const struct ledger_tree *t, const char *path);
void ledger_tree_copy(struct ledger_tree *out, const struct ledger_tree *t); /* frees what `out` held */

/* 40 lower-case hex digits. */
bool ledger_id_is_legal(const char *id);

struct ledger_commit {
    const struct ledger_tree *tree;
    const char *parent;       /* id, or NULL for the first */
    const char *name, *email; /* author and committer */
    time_t time;              /* UTC */
    const char *message;      /* subject, blank line, trailers; ends with a newline */
};
/* The commit object, signed in git's SSH format, and its id. Nothing is written. */
MUST_CHECK bool ledger_commit_make(struct bytes *raw, char id[LEDGER_ID], const struct ledger_commit *commit,
                                   const struct key *key, struct err *err);

/* The other way: what a raw commit object says. Strings are owned by the struct. */
struct ledger_commit_read {
    char id[LEDGER_ID], tree[LEDGER_ID], parent[LEDGER_ID]; /* parent "" when none */
    char *name, *email, *message;
    time_t time;
    struct bytes signature, signed_part; /* armor; the object without its gpgsig */
};
void ledger_commit_read_free(struct ledger_commit_read *c);
MUST_CHECK bool ledger_commit_parse(struct ledger_commit_read *out, const struct bytes *raw, struct err *err);
MUST_CHECK bool ledger_tree_id(char id[LEDGER_ID], const struct ledger_tree *tree, struct err *err);
/* Value of a trailer in a commit message, or NULL. Caller frees. */
char *ledger_trailer(const char *message, const char *name);

/* Make the empty repository, or finish one whose making was cut off; success if a whole one is there. HEAD or
 * config with other bytes than ours is refused. */
MUST_CHECK bool ledger_init(const char *path, struct err *err);
/* Write blobs, trees and commit (fsynced, idempotent), then move main from the commit's parent to the commit
 * (compare and swap; success if main is there already). What a crash left half written is removed first. */
MUST_CHECK bool ledger_write(const char *path, const struct ledger_tree *tree, const struct bytes *commit,
                             struct err *err);
/* Everything in the repository is what those commits (raw, oldest first) with those trees would have written,
 * main points at the last, config and HEAD are the fixed bytes, and nothing else lies there. */
struct ledger_expected {
    struct bytes commit;
    struct ledger_tree tree;
};
MUST_CHECK bool ledger_check(const char *path, const struct ledger_expected *expected, size_t count,
                             struct err *err);
/* Its parts: HEAD, config and the names at the top; where main points (at `id`, "" for nowhere); and every
 * object, and no other. */
MUST_CHECK bool ledger_check_config(const char *path, struct err *err);
MUST_CHECK bool ledger_check_reference(const char *path, const char *id, struct err *err);

/* The objects, commit by commit: memory holds their ids (20 bytes each) and the tree that is asked about. */
struct ledger_audit;
void ledger_audit_free(struct ledger_audit *a);
static inline void own_ledger_audit(struct ledger_audit **a)
{
    ledger_audit_free(*a);
}
#define OWN_LEDGER_AUDIT __attribute__((cleanup(own_ledger_audit))) struct ledger_audit
struct ledger_audit *ledger_audit_new(const char *path);
/* What this commit brings lies there, byte for byte as ledger_write writes it. */
MUST_CHECK bool ledger_audit_commit(struct ledger_audit *a, const struct bytes *raw,
                                    const struct ledger_tree *tree, struct err *err);
/* After the last commit: nothing else lies there. */
MUST_CHECK bool ledger_audit_end(const struct ledger_audit *a, struct err *err);

#endif

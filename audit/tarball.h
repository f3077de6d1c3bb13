/* tarball.h - the one form of tar that a page may have: ustar, uncompressed, the same bytes for the same
 * content.
 *
 * Members are regular files, mode 0644, uid and gid 0, no user or group names, all with the same mtime in
 * whole seconds; names match path_is_safe (file.h), none twice; 10,240-byte blocking as GNU tar pads.
 */
#ifndef VERGER_TARBALL_H
#define VERGER_TARBALL_H

#include "../ceremony/hasher.h"

#include <time.h>

struct member {
    char name[101];
    bool dropped; /* the content was read and not kept: `data` is empty, and the next three say what it was */
    struct bytes data;
    size_t size;
    char sha256[DIGEST_HEX];
    char blob[SHA1_HEX]; /* its id as a git blob, of files/ only */
};
struct tarball {
    struct member *member; /* in the order of the archive */
    size_t count;
    time_t mtime;
};
void tarball_free(struct tarball *t);
void tarball_add(struct tarball *t, const char *name, const void *data, size_t len);
/* The content of the member of that name, or NULL, also when it was not kept. Borrowed. */
const struct bytes *tarball_find(const struct tarball *t, const char *name);
const struct member *tarball_member(const struct tarball *t, const char *name);
/* An empty member, to be filled. Borrowed until the next one. */
struct member *tarball_new(struct tarball *t, const char *name);
/* SHA-256 of a member's content, kept or not. */
void tarball_digest(char hex[DIGEST_HEX], const struct member *member);

MUST_CHECK bool tarball_write(struct bytes *out, const struct tarball *t, struct err *err);

/* Read from memory and accept only the canonical form: what is read, written again, must be the same bytes.
 * Nothing is ever extracted to disk. `what` names the file in messages. */
MUST_CHECK bool tarball_read(struct tarball *out, const struct bytes *data, const char *what,
                             struct err *err);

/* The running libarchive's version, "libarchive 3.6.2". Static. */
const char *tarball_library(void);

#endif

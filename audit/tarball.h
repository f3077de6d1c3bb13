/* tarball.h - the one form of tar that a page may have: ustar, uncompressed, the same bytes for the same
 * content.
 *
 * Members are regular files, mode 0644, uid and gid 0, no user or group names, all with the same mtime in
 * whole seconds; names match path_is_safe (file.h), none twice; 10,240-byte blocking as GNU tar pads.
 */
#ifndef VERGER_TARBALL_H
#define VERGER_TARBALL_H

#include "../ceremony/bytes.h"

#include <time.h>

struct member {
    char name[101];
    struct bytes data;
};
struct tarball {
    struct member *member; /* in the order of the archive */
    size_t count;
    time_t mtime;
};
void tarball_free(struct tarball *t);
void tarball_add(struct tarball *t, const char *name, const void *data, size_t len);
/* The member of that name, or NULL. Borrowed. */
const struct bytes *tarball_find(const struct tarball *t, const char *name);

MUST_CHECK bool tarball_write(struct bytes *out, const struct tarball *t, struct err *err);

/* Read from memory and accept only the canonical form: what is read, written again, must be the same bytes.
 * Nothing is ever extracted to disk. `what` names the file in messages. */
MUST_CHECK bool tarball_read(struct tarball *out, const struct bytes *data, const char *what,
                             struct err *err);

/* The running libarchive's version, "libarchive 3.6.2". Static. */
const char *tarball_library(void);

#endif

/* medium.h - a medium that a copy of an encrypted key is put on, and read back from.
 *
 * A medium is a folder, as it is mounted. The file on it is whole or not there, of mode 0600 (on a file
 * system without modes: nothing for group and others), and never overwrites another.
 */
#ifndef VERGER_MEDIUM_H
#define VERGER_MEDIUM_H

#include "json.h"

#define MEDIUM_FILE_MAX (64u << 10) /* bytes, as of every private key's file (secret.h) */

/* What a folder lies on: {"device": "8:17" (major:minor, as /proc/self/mountinfo has it), "filesystem":
 * "vfat"
 * ("unknown" where the kernel does not tell)}. New. */
MUST_CHECK bool medium_look(json_t **out, const char *folder, struct err *err);

/* Put a file there: a temporary of its own beside it, fsync, rename, fsync of the folder. *found: a file of
 * that name with these very bytes was there already, and was left as it is (an attempt that was cut off put
 * it there). Errors: another file of that name, no room, others could read it. Nothing is left behind then.
 */
MUST_CHECK bool medium_put(bool *found, const char *folder, const char *name, const struct bytes *content,
                           struct err *err);

/* Read it back: what the kernel remembers of it is dropped first, and it is read past its cache where the
 * file system can do that (O_DIRECT), which `direct` then says. Else it may be the cache's copy. */
MUST_CHECK bool medium_read(struct bytes *out, bool *direct, const char *folder, const char *name,
                            struct err *err);

#endif

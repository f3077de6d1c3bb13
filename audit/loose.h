/* loose.h - one object of a git repository as a file of its own (gitformat-loose), in the one form that ours
 * have: a zlib stream (RFC 1950) of stored blocks (RFC 1951 3.2.4), each but the last of 65,535 bytes.
 *
 * Not compressed, so that the same object is the same bytes whatever library wrote it, no bit of the file is
 * without meaning, and reading one inflates nothing. git reads them as it reads any other.
 */
#ifndef VERGER_LOOSE_H
#define VERGER_LOOSE_H

#include "../ceremony/digest.h"

/* The file's bytes. `type` is git's word: "blob", "tree", "commit". */
void loose_format(struct bytes *out, const char *type, const struct bytes *content);

/* Whether a regular file is exactly that of an object of this type, size and content (its SHA-256). Streamed,
 * and of a file that is longer no more is read than should be there. */
MUST_CHECK bool loose_check(const char *path, const char *type, size_t size, const char sha256[DIGEST_HEX],
                            struct err *err);

#endif

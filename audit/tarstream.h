/* tarstream.h - a page's archive, read once from front to end in a fixed buffer, however large it is.
 *
 * It accepts the canonical form alone (tarball.h): every header is written anew and compared, padding is
 * zeros, and the file ends where the archive does. So nothing in it is ever interpreted: no link, device,
 * sparse file or extension gets further than its header. Names are safe, but their order and whether one
 * comes twice is the caller's to judge. One thread's at a time.
 */
#ifndef VERGER_TARSTREAM_H
#define VERGER_TARSTREAM_H

#include "../ceremony/digest.h"
#include "ustar.h"

struct tarstream;
void tarstream_free(struct tarstream *t);
static inline void own_tarstream(struct tarstream **t)
{
    tarstream_free(*t);
}
#define OWN_TARSTREAM __attribute__((cleanup(own_tarstream))) struct tarstream

/* A regular file; links are not followed. `what` names it in messages (borrowed). */
MUST_CHECK bool tarstream_open(struct tarstream **out, const char *path, const char *what, struct err *err);

/* The next member; what was not read of the one before is passed over. `*more` false: the archive is at its
 * end, and nothing is behind it. */
MUST_CHECK bool tarstream_next(struct ustar *member, bool *more, struct tarstream *t, struct err *err);

/* The next piece of the member; `*len` 0 at its end. Borrowed until the next call. */
MUST_CHECK bool tarstream_data(const unsigned char **data, size_t *len, struct tarstream *t, struct err *err);

/* SHA-256 of the whole file, whatever is in it; reads what was not read yet. */
MUST_CHECK bool tarstream_digest(char hex[DIGEST_HEX], struct tarstream *t, struct err *err);

#endif

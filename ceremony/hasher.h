/* hasher.h - a digest of bytes that come piece by piece; one thread's at a time. */
#ifndef VERGER_HASHER_H
#define VERGER_HASHER_H

#include "digest.h"

#define SHA1_HEX 41

struct hasher; /* used again and again */
void hasher_free(struct hasher *h);
static inline void own_hasher(struct hasher **h)
{
    hasher_free(*h);
}
#define OWN_HASHER __attribute__((cleanup(own_hasher))) struct hasher

/* SHA-1 is for git's ids only: it binds nothing by itself. None of these can fail: without a digest nothing
 * this program says would mean anything, and it aborts. */
enum hasher_kind { HASHER_SHA256, HASHER_SHA1 };
struct hasher *hasher_new(enum hasher_kind kind);
void hasher_start(struct hasher *h);
void hasher_add(struct hasher *h, const void *data, size_t len);
/* Lower-case hex; `hex` has room for DIGEST_HEX or SHA1_HEX. */
void hasher_end(char *hex, struct hasher *h);

#endif

/* sink.h - where DER goes that is made piece by piece and kept nowhere: through a digest, under a signature,
 * into memory, into a file. */
#ifndef VERGER_SINK_H
#define VERGER_SINK_H

#include "der.h"
#include "hasher.h"
#include "ssl.h"

/* What is set is fed. All borrowed. */
struct sink {
    struct hasher *hasher;
    EVP_MD_CTX *signing;  /* EVP_DigestSignInit was done */
    struct bytes *memory; /* appended */
    int fd;               /* -1: none */
    size_t used;
    unsigned char buffer[1 << 16];
};
struct sink *sink_new(void); /* feeds nothing yet; freed with free */
static inline void own_sink(struct sink **s)
{
    free(*s);
}
#define OWN_SINK __attribute__((cleanup(own_sink))) struct sink

MUST_CHECK bool sink_put(struct sink *s, const void *data, size_t len, struct err *err);
/* The identifier and length of an item, whose content comes next. */
MUST_CHECK bool sink_header(struct sink *s, unsigned char tag, size_t len, struct err *err);
/* What was put so far is where it goes. */
MUST_CHECK bool sink_flush(struct sink *s, struct err *err);

#endif

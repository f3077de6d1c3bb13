/* scratch.h - a text that seldom needs the heap: for what is made by the million and soon forgotten. */
#ifndef VERGER_SCRATCH_H
#define VERGER_SCRATCH_H

#include "bytes.h"

struct scratch {
    char *text; /* NULL before the first scratch_room; else ends with a zero byte */
    size_t len;
    char small[256];
};
void scratch_free(struct scratch *s);

/* Room for a text of at most `len` bytes and the zero behind it; what was there is lost. The caller writes it
 * and sets `len` where it turns out shorter. */
char *scratch_room(struct scratch *s, size_t len);

/* A copy of `len` bytes. */
void scratch_set(struct scratch *s, const char *text, size_t len);

#endif

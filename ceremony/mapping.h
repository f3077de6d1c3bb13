/* mapping.h - a large file that is read as memory. What was read goes again as reading moves on, so that a
 * process is no larger for it. Nobody else may make the file shorter meanwhile: the kernel ends who reads
 * past the new end (SIGBUS). */
#ifndef VERGER_MAPPING_H
#define VERGER_MAPPING_H

#include "der.h"

struct mapping {
    struct der bytes; /* the whole file */
};
void mapping_free(struct mapping *m);

/* A regular file that is not empty and no link. */
MUST_CHECK bool mapping_open(struct mapping *out, const char *path, struct err *err);

/* All before `at` is not needed soon; called often, it does something every few megabytes. `done` is the
 * reader's, 0 at first. NULL for `m`: nothing is done. */
void mapping_pass(const struct mapping *m, const unsigned char *at, size_t *done);

#endif

/* lock.h - one verger at a time: flock(2), which the kernel drops when the process ends however it ends. */
#ifndef VERGER_LOCK_H
#define VERGER_LOCK_H

#include "../ceremony/err.h"

struct lock {
    int fd; /* -1: not held */
};
void lock_free(struct lock *lock);

/* Lock a file, which is made (0600) and gets the process id; or a folder itself, so that nothing is left in
 * it. When another process holds it, the error names its process id where the kernel tells. */
MUST_CHECK bool lock_file(struct lock *out, const char *path, struct err *err);
MUST_CHECK bool lock_folder(struct lock *out, const char *path, struct err *err);

#endif

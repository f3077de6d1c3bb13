/* ustar.h - one member's header in the one form that a page's archive has (POSIX.1-2017 pax, ustar): a
 * regular file, mode 0644, uid and gid 0, no user or group names, no prefix. */
#ifndef VERGER_USTAR_H
#define VERGER_USTAR_H

#include "../ceremony/err.h"

#include <stddef.h>
#include <time.h>

#define USTAR_BLOCK 512u
#define USTAR_RECORD (20u * USTAR_BLOCK) /* GNU tar's blocking factor */
#define USTAR_NUMBER_MAX 077777777777LL  /* eleven octal digits: size and mtime */

struct ustar {
    char name[101];
    unsigned long long size;
    time_t mtime;
};

/* `name` of at most 100 bytes, numbers of at most USTAR_NUMBER_MAX. */
void ustar_write(unsigned char block[USTAR_BLOCK], const struct ustar *member);

/* A block that ustar_write would have written for a safe name; errors say what else it is (a link, a device,
 * an extension of pax or GNU, ...). */
MUST_CHECK bool ustar_read(struct ustar *out, const unsigned char block[USTAR_BLOCK], struct err *err);

#endif

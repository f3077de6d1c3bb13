/* clock.h - an instant as a page has it: what the wall clock says, and what no hand can set back. */
#ifndef VERGER_CLOCK_H
#define VERGER_CLOCK_H

#include "../ceremony/err.h"

#include <time.h>

struct instant {
    time_t utc;
    char boot_id[37];   /* of the kernel: random(4) */
    char monotonic[24]; /* nanoseconds since boot, digits (CLOCK_BOOTTIME: it runs on in suspend) */
};
MUST_CHECK bool clock_now(struct instant *now, struct err *err);

#endif

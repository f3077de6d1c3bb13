/* harden.h - what this process gives up before it does anything.
 *
 * No core file, no debugger of the same user, no file that others may read unless its writer says so, no new
 * privileges, no environment but TERM, PATH, LANG and LC_*, no time zone, no network: a socket of another
 * family than AF_UNIX is refused by the kernel. All its memory stays out of swap, where that is permitted: to
 * the privileged, or without a limit (`ulimit -l`). What a kernel does not know is left out.
 */
#ifndef VERGER_HARDEN_H
#define VERGER_HARDEN_H

#include <stdbool.h>

struct hardening {
    bool memory_locked; /* all of it: secrets cannot reach swap, wherever a library puts them */
    bool offline;       /* the kernel refuses network sockets */
};

/* Once, first thing in main. */
struct hardening harden_process(void);

#endif

/* fence.h - the folders that a command may touch, held by the kernel (Landlock).
 *
 * Each command's table says of every path on its line what may be done there (enum reach). What the line does
 * not name, this process can then neither read nor write nor run: not the people's other files, not the
 * libraries' configuration in /etc. What stays readable besides: /usr (libraries, and the programs that page
 * 0 names by hash), /proc and /sys (what doctor looks at), and the terminal, random numbers and /dev/null as
 * devices. It needs the second version of Landlock (Linux 5.19): the first one refuses every rename from one
 * folder into another, and with it staging.
 */
#ifndef VERGER_FENCE_H
#define VERGER_FENCE_H

#include "arguments.h"

/* The version of Landlock that the running kernel has and that is of use here; 0: none. */
int fence_version(void);

/* Whether a fence stands around this process: it tries to read what none lets through but one that
 * lets everything be read. */
bool fence_stands(void);

/* The folders that were made because a fence can only be put around what is there. */
struct fence {
    char **made; /* ends with NULL, or is NULL */
};
/* Remove those that are still empty, and forget them all. */
void fence_free(struct fence *fence);

/* Put it up around what the line names: an option's `reach`, `operand_reach` for the operand. A path that is
 * not there gives nothing, and what is no path (a pipe of `<(...)`, a hash) needs nothing. Never undone.
 * Where the kernel knows nothing of it, or refuses, there is none, and fence_stands says so. */
void fence_raise(struct fence *fence, const struct arguments *arguments, enum reach operand_reach);

#endif

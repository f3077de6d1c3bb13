/* fault.h - a library that is loaded before the C library (LD_PRELOAD) and lets a process die, or its calls
 * fail, at a chosen one of the calls that change a folder.
 *
 * The environment says what is to happen; it is read before main, for the program clears it:
 *   FAULT_ROOT   the folder whose changes count, absolute; what is made elsewhere is logged as "outside"
 *   FAULT_LOG    a file to append to: "NUMBER CALL PATH" for the call that was hit, or for every one when
 *                FAULT_AT is 0; "outside CALL PATH"
 *   FAULT_KEPT   an empty folder of the same file system, outside of FAULT_ROOT, for power and torn
 *   FAULT_AT     number of the call, from 1; or a text: the first call whose "CALL PATH" has it
 *   FAULT_HOW    kill     the process is killed before the call
 *                after    the process is killed after the call
 *                short    half of what is to be written is, then the process is killed
 *                power    killed before the call, and all that was not made durable (fsync) is lost
 *                torn     the same, but of what was not made durable some is lost and some is not
 *                ENOSPC, EIO, EINTR   the call fails, once
 *                full     from this call on nothing can be added to FAULT_ROOT/record (ENOSPC)
 *                pulled   from this call on nothing can be done in FAULT_ROOT/record (EIO)
 *
 * Whether anything is to happen or not, the kernel that a process sees has no Landlock: what is written to
 * the log and kept lies outside of the process's fence. And its clock is one more thing that can be wrong:
 *   FAULT_CLOCK  seconds to add to the wall clock
 */
#ifndef VERGER_TESTS_FAULT_H
#define VERGER_TESTS_FAULT_H

#include <stdbool.h>
#include <sys/types.h>

enum fault_kind { FAULT_ADDS, FAULT_CHANGES }; /* whether a full disk refuses it */

/* Announce a call on a path: 0, or the errno with which it must fail. May not return. */
int fault_call(const char *name, const char *path, enum fault_kind kind);
int fault_call_fd(const char *name, int fd, enum fault_kind kind);
/* Of `len` bytes, how many are written before the process is killed; `len` when it is not. */
size_t fault_cut(size_t len);
void fault_done(void);    /* the call that was announced has been made */
void fault_cut_off(void); /* the process ends here; does not return */

/* ---- disk.c: what is durable ---- */

void disk_start(const char *kept); /* only then does any of this do something */
/* Before a name goes away or is taken over: keep what it names. 0 when there is nothing. */
unsigned disk_keep(const char *path);
void disk_made(const char *path);
void disk_renamed(const char *from, const char *to, unsigned kept);
void disk_removed(const char *path, unsigned kept);
void disk_folder_removed(const char *path, mode_t mode);
void disk_changes(int fd); /* before content or mode of what is open there change */
void disk_changes_path(const char *path);
void disk_synced(int fd);
void disk_lose(unsigned seed); /* 0: all that is not durable; else some of it */

#endif

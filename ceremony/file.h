/* file.h - files that are either whole or not there.
 *
 * Paths are the caller's. Nothing here follows a symbolic link in the last component, and nothing is ever
 * overwritten in place: a file is created (O_EXCL) or replaced by rename. Every write is fsynced, and so is
 * the folder that holds it; a failed write leaves nothing behind.
 */
#ifndef VERGER_FILE_H
#define VERGER_FILE_H

#include "bytes.h"

#include <sys/types.h>

#define FILE_MAX_SMALL (4u << 20)  /* bytes: scripts, certificates, keys, configuration */
#define FILE_MAX_PAGE (256u << 20) /* bytes: a page */

/* Whole content of a regular file of at most `max` bytes; refuses links, folders and devices. */
MUST_CHECK bool file_read(struct bytes *out, const char *path, size_t max, struct err *err);

/* The same of a safe path below a folder, in none of whose components a link is followed; the folder may be
 * one. */
MUST_CHECK bool file_read_below(struct bytes *out, const char *folder, const char *path, size_t max,
                                struct err *err);

/* Create `path` (it must not exist) with exactly `mode`; fsync file and folder. */
MUST_CHECK bool file_create(const char *path, const void *data, size_t len, mode_t mode, struct err *err);

/* Replace or create `path` atomically: a temporary beside it, fsync, rename, fsync of the folder. */
MUST_CHECK bool file_replace(const char *path, const void *data, size_t len, mode_t mode, struct err *err);

/* Rename within one file system, then fsync both folders. */
MUST_CHECK bool file_rename(const char *from, const char *to, struct err *err);

/* Unlink a file and fsync its folder; a file that is not there is success. */
MUST_CHECK bool file_remove(const char *path, struct err *err);

/* Append and fsync; creates with `mode` (the journal, the register). */
MUST_CHECK bool file_append(const char *path, const void *data, size_t len, mode_t mode, struct err *err);

bool file_exists(const char *path); /* anything at all, a dangling link included */
bool file_is_folder(const char *path);

/* Whether the file system of a folder has so many bytes free for this user. */
MUST_CHECK bool folder_has_room(const char *path, size_t bytes, struct err *err);

/* Whether a file or folder (a link itself) belongs to the effective user, and its mode has no bit of
 * `denied`. */
MUST_CHECK bool file_is_own(const char *path, mode_t denied, struct err *err);

/* Make a folder with exactly `mode`; success if it is there already. Its parent must exist. */
MUST_CHECK bool folder_make(const char *path, mode_t mode, struct err *err);

/* Remove a folder and all in it, not following links. Missing is success. */
MUST_CHECK bool folder_remove(const char *path, struct err *err);

MUST_CHECK bool folder_sync(const char *path, struct err *err);

/* The names in a folder but . and .., sorted by byte. */
struct names {
    char **name;
    size_t count;
};
void names_free(struct names *n);
MUST_CHECK bool folder_list(struct names *out, const char *path, struct err *err);

/* "dir/name"; the caller frees. */
char *path_join(const char *dir, const char *name);
/* Part before the last '/', "." where there is none; the caller frees. */
char *path_folder(const char *path);
/* Part behind the last '/'. */
const char *path_name(const char *path);

/* Whether a relative path is safe to use below a folder: [A-Za-z0-9._/-], at most 100 characters, no empty,
 * "." or ".." component, no leading or trailing '/'. */
bool path_is_safe(const char *path);

#endif

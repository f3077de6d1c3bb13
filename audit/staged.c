/* What is kept for a page that is not sealed yet: .staging/NNNNNN/<name>, whole or not there. */
#include "recordparts.h"

#include "../ceremony/file.h"

#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define COMING "." /* "." SHA-256 "." file: on its way to the name of the file */

/* Names are people's words; a byte that is not plain in a file name becomes +XX. */
static char *staged_name(const char *name)
{
    static const char plain[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    OWN_STRUCT(bytes) text = {0};
    for (const char *at = name; *at != 0; at++) {
        if (strchr(plain, *at) != NULL)
            bytes_add(&text, at, 1);
        else
            bytes_format(&text, "+%02x", (unsigned char)*at);
    }
    return text_copy(bytes_string(&text));
}

static char *staged_folder(const struct record *record, unsigned number)
{
    return text_format("%s/" RECORD_STAGING "/%06u", record->folder, number);
}

/* By way of a name that nobody looks for, but that says when it is whole: what was signed is not lost between
 * two steps of this. */
bool record_stage(struct record *record, unsigned number, const char *name, const struct bytes *data,
                  struct err *err)
{
    char digest[DIGEST_HEX];
    digest_hex(digest, data->data, data->len);
    OWN(char) *folder = staged_folder(record, number);
    OWN(char) *file = staged_name(name);
    OWN(char) *path = path_join(folder, file);
    OWN(char) *coming = text_format("%s/" COMING "%s.%s", folder, digest, file);
    if (file_exists(path))
        return err_set(err, "%s: exists already, and what was signed once is not signed again", path);
    return record_staging_make(record, err) && folder_make(folder, 0755, err) && file_remove(coming, err) &&
           file_create(coming, data->data, data->len, 0644, err) && file_rename(coming, path, err);
}

/* A folder on the way to a staged file: there, no link and writable, or, but for the first, not there yet. */
static bool way_ready(const char *path, bool needed, struct err *err)
{
    if (!needed && !file_exists(path))
        return true;
    if (!file_is_folder(path))
        return err_set(err, "%s: not a folder, and links are not followed; take it away", path);
    return access(path, W_OK | X_OK) == 0 || err_errno(err, "%s: cannot be written to", path);
}

bool record_can_stage(const struct record *record, unsigned number, const char *name, struct err *err)
{
    OWN(char) *staging = record_path(record, RECORD_STAGING);
    OWN(char) *folder = staged_folder(record, number);
    OWN(char) *file = staged_name(name);
    OWN(char) *path = path_join(folder, file);
    if (!way_ready(record->folder, true, err) || !way_ready(staging, false, err) ||
        !way_ready(folder, false, err))
        return false;
    return !file_exists(path) ||
           err_set(
               err,
               "%s: is there already, and this step has not put it there; take it away, after asking who did",
               path);
}

bool record_discard_staged(size_t *count, const struct record *record, unsigned number, struct err *err)
{
    OWN(char) *staging = record_path(record, RECORD_STAGING);
    OWN(char) *folder = staged_folder(record, number);
    OWN_STRUCT(names) names = {0};
    *count = 0;
    if (!file_is_folder(staging) || !file_exists(folder))
        return true;
    bool is_folder = file_is_folder(folder);
    if (is_folder && !folder_list(&names, folder, err))
        return false;
    if (!(is_folder ? folder_remove(folder, err) : file_remove(folder, err)))
        return false;
    *count = is_folder ? names.count : 1;
    (void)rmdir(staging); /* unless it holds more */
    return true;
}

bool record_staged(struct record *record, unsigned number, const char *name, struct bytes *out)
{
    OWN(char) *folder = staged_folder(record, number);
    OWN(char) *file = staged_name(name);
    OWN(char) *path = path_join(folder, file);
    struct err ignored = {0};
    return file_exists(path) && file_read(out, path, FILE_MAX_PAGE, &ignored);
}

/* "." digest "." file: where the file begins; NULL for any other name. */
static const char *coming_file(const char *name)
{
    const char *digest = name + strlen(COMING);
    size_t len = DIGEST_HEX - 1;
    bool is_coming = strspn(digest, "0123456789abcdef") == len && digest[len] == '.' && digest[len + 1] != 0;
    return is_coming ? digest + len + 1 : NULL;
}

/* What is whole to the eye is perhaps not yet on the disk: it is written again. */
static bool coming_place(const char *folder, const char *name, struct err *err)
{
    char digest[DIGEST_HEX];
    OWN_STRUCT(bytes) data = {0};
    OWN(char) *coming = path_join(folder, name);
    const char *file = coming_file(name);
    struct stat st;
    if (file_is_folder(coming))
        return folder_remove(coming, err);
    if (file == NULL || (lstat(coming, &st) == 0 && !S_ISREG(st.st_mode)))
        return file_remove(coming, err);
    OWN(char) *path = path_join(folder, file);
    if (!file_read(&data, coming, FILE_MAX_PAGE, err))
        return false;
    digest_hex(digest, data.data, data.len);
    bool whole = strncmp(name + strlen(COMING), digest, strlen(digest)) == 0;
    if (whole && !file_exists(path) && !file_replace(path, data.data, data.len, 0644, err))
        return false;
    return file_remove(coming, err);
}

bool record_staged_recover(const struct record *record, struct err *err)
{
    OWN(char) *folder = staged_folder(record, (unsigned)record->chain.count);
    OWN_STRUCT(names) names = {0};
    if (!file_is_folder(folder))
        return true; /* whatever it is, it is not ours, and staging_clean takes it away */
    if (!folder_list(&names, folder, err))
        return false;
    for (size_t i = 0; i < names.count; i++) {
        if (names.name[i][0] == COMING[0] && !coming_place(folder, names.name[i], err))
            return false;
    }
    return true;
}

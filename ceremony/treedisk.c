/* A tree as it lies on disk: where its configuration believes it to be, and what only the disk knows. */
#include "schema.h"

#include "file.h"

#include <errno.h>
#include <limits.h>
#include <string.h>
#include <sys/stat.h>

struct disk {
    const char *folder;
};

/* ---- reading ---- */

static char *disk_path(const struct disk *disk, const char *path)
{
    return *path == '/' ? text_copy(path) : path_join(disk->folder, path);
}

/* Links are followed here, as step-ca does: nothing is written. */
static bool disk_read(void *context, const char *path, struct bytes *out)
{
    OWN(char) *whole = disk_path(context, path);
    char real[PATH_MAX];
    struct err err = {0};
    return realpath(whole, real) != NULL && file_read(out, real, FILE_MAX_SMALL, &err);
}

/* ---- where it lies ---- */

/* The two last parts of an absolute path ("certs/intermediate_ca.crt"); NULL when there are fewer. */
static const char *path_tail(const char *path)
{
    const char *name = strrchr(path, '/');
    if (*path != '/' || name == path)
        return NULL;
    do
        name--;
    while (*name != '/');
    return name + 1;
}

static bool same_folder(const char *path, const char *real)
{
    char other[PATH_MAX];
    return realpath(path, other) != NULL && strcmp(other, real) == 0;
}

/* The folder in which a file that ca.json names is part of this tree; NULL when it is none of this tree's. */
static char *home_of(const char *path, const char *real)
{
    const char *tail = path_tail(path);
    if (tail == NULL)
        return NULL;
    size_t len = (size_t)(tail - path) > 1 ? (size_t)(tail - path) - 1 : 1;
    OWN(char) *home = text_format("%.*s", (int)len, path);
    OWN(char) *here = path_join(real, tail);
    return same_folder(home, real) || file_exists(here) ? GIVE(home) : NULL;
}

/* Where ca.json says that the tree lies; `real` when it does not say. */
static char *home_find(const json_t *config, const char *real)
{
    static const char *const members[] = {"crt", "root", "key"};
    for (size_t i = 0; i < sizeof members / sizeof *members; i++) {
        char *home = home_of(schema_text(config, members[i]), real);
        if (home != NULL)
            return home;
    }
    return text_copy(real);
}

static void home_check(struct findings *out, const char *home, const char *real)
{
    if (!same_folder(home, real))
        findings_add(
            out, SEVERITY_WARNING, "tree_moved", AUTHORITY_CONFIG, "step-ca authority/config",
            "the paths in it say that this tree lies in %.200s, and it was checked as if it did; step-ca "
            "starts on it only there, or when the paths are corrected",
            home);
}

/* ---- the key's file ---- */

static void mode_check(struct findings *out, const struct disk *disk, const char *home, const char *key)
{
    size_t len = strlen(home);
    bool inside = strncmp(key, home, len) == 0 && key[len] == '/';
    OWN(char) *path = disk_path(disk, inside ? key + len + 1 : key);
    struct stat status;
    if (*key != '/' || stat(path, &status) != 0 || (status.st_mode & 0027) == 0)
        return;
    findings_add(
        out, SEVERITY_WARNING, "key_mode", CONFIG_PLACE "key", "BR 6.2.7",
        "mode %04o lets others on this machine read or change the key's file, over which step-ca says "
        "nothing; chmod 600 %.200s",
        (unsigned)status.st_mode & 07777, path);
}

/* ---- the whole ---- */

static bool folder_real(char real[PATH_MAX], const char *folder, struct err *err)
{
    if (realpath(folder, real) == NULL)
        return err_errno(err, "%s: cannot be opened", folder);
    return file_is_folder(real) ||
           err_set(err, "%s: is no folder; give the one that holds " AUTHORITY_CONFIG, folder);
}

bool authority_check_disk(struct findings *out, char **home, const char *folder,
                          const struct secret *password, time_t now, struct err *err)
{
    char real[PATH_MAX];
    if (!folder_real(real, folder, err))
        return false;
    struct disk disk = {real};
    OWN_STRUCT(bytes) text = {0};
    OWN(json_t) *config = NULL;
    struct err ignored = {0}; /* authority_check says it again */
    bool readable = disk_read(&disk, AUTHORITY_CONFIG, &text) && json_read(&config, &text, "", &ignored);
    OWN(char) *lies = home_find(readable ? config : NULL, real);
    home_check(out, lies, real);
    if (!authority_check(out, lies, disk_read, &disk, password, now, err))
        return false;
    mode_check(out, &disk, lies, schema_text(config, "key"));
    *home = GIVE(lies);
    return true;
}

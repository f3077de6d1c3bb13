#include "moves.h"

#include "../ceremony/file.h"
#include "pagejson.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define STAGING ".verger-staging"
#define ANNOUNCED "page"
#define KEY "key+" /* begins the name of each key there */

/* ---- places ---- */

static char *staging_path(const struct station *station, const char *name)
{
    return text_format("%s/" STAGING "/%s", station->authority, name);
}

/* '+' is in no path that a page may name, so that no two places meet. */
static char *secret_path(const struct station *station, const char *place)
{
    OWN(char) *name = text_format(KEY "%s", place);
    for (char *at = name; *at != 0; at++) {
        if (*at == '/')
            *at = '+';
    }
    return staging_path(station, name);
}

static char *target_path(const struct station *station, const char *path)
{
    return path_join(station->authority, path);
}

static const json_t *list_of(const struct page_read *page, const char *list)
{
    return json_object_get(page->json, list);
}

/* The path in the authority of entry `i`; NULL for what is the ledger's own. */
static const char *path_of(const struct page_read *page, const char *list, size_t i)
{
    const char *path = page_json_text(json_array_get(list_of(page, list), i), "path", NULL);
    const char *slash = strchr(path, '/');
    return slash != NULL ? slash + 1 : NULL;
}

/* The place of output `i` when it is a key that lies in the authority, else NULL. */
static const char *place_of(const struct page_read *page, size_t i)
{
    const json_t *output = json_array_get(list_of(page, "outputs"), i);
    const char *place = page_json_text(output, "place", NULL);
    return strcmp(page_json_text(output, "kind", NULL), "key") == 0 && place[0] != 0 ? place : NULL;
}

static size_t count_of(const struct page_read *page, const char *list)
{
    return json_array_size(list_of(page, list));
}

bool moves_any(const struct page_read *page)
{
    for (size_t i = 0; i < count_of(page, "changed"); i++) {
        if (path_of(page, "changed", i) != NULL)
            return true;
    }
    for (size_t i = 0; i < count_of(page, "outputs"); i++) {
        if (place_of(page, i) != NULL)
            return true;
    }
    return count_of(page, "removed") > 0 || count_of(page, "directories") > 0;
}

/* ---- before ---- */

/* The folders above `path` that exist are folders and no links, and the last of them can be written. */
static bool parents_ready(const struct station *station, const char *path, struct err *err)
{
    OWN(char) *folder = text_copy(station->authority);
    for (const char *at = strchr(path, '/'); at != NULL; at = strchr(at + 1, '/')) {
        OWN(char) *next = text_format("%s/%.*s", station->authority, (int)(at - path), path);
        if (!file_exists(next))
            break;
        if (!file_is_folder(next))
            return err_set(err, "%s: not a folder, and links are not followed", next);
        free(folder);
        folder = GIVE(next);
    }
    if (access(folder, W_OK | X_OK) != 0)
        return err_errno(err, "%s: cannot be written to", folder);
    return true;
}

static bool list_ready(const struct page_read *page, const char *list, bool folders,
                       const struct station *station, struct err *err)
{
    for (size_t i = 0; i < count_of(page, list); i++) {
        const char *path = path_of(page, list, i);
        if (path == NULL)
            continue;
        OWN(char) *target = target_path(station, path);
        if (!parents_ready(station, path, err))
            return false;
        if (file_exists(target) && file_is_folder(target) != folders)
            return err_set(err, "%s: must %sbe a folder", target, folders ? "" : "not ");
    }
    return true;
}

static bool key_ready(const struct station *station, const char *place, struct err *err)
{
    OWN(char) *staged = secret_path(station, place);
    OWN(char) *target = target_path(station, place);
    bool is_staged = file_exists(staged), is_there = file_exists(target);
    if (is_staged && is_there)
        return err_set(err, "%s: a key is there already, and no key is ever overwritten", target);
    if (!is_staged && !is_there)
        return err_set(err, "%s: the key that the page speaks of is neither staged nor there", target);
    return parents_ready(station, place, err);
}

static bool is_named(const struct page_read *page, const struct station *station, const char *staged)
{
    for (size_t i = 0; i < count_of(page, "outputs"); i++) {
        const char *place = place_of(page, i);
        OWN(char) *path = place != NULL ? secret_path(station, place) : NULL;
        if (path != NULL && strcmp(path, staged) == 0)
            return true;
    }
    return false;
}

/* A key that no output names would be lost with the staging. */
static bool staging_is_named(const struct page_read *page, const struct station *station, struct err *err)
{
    OWN_STRUCT(names) names = {0};
    if (!moves_staged(station))
        return true;
    OWN(char) *folder = target_path(station, STAGING);
    if (!folder_list(&names, folder, err))
        return false;
    for (size_t i = 0; i < names.count; i++) {
        OWN(char) *staged = path_join(folder, names.name[i]);
        if (strncmp(names.name[i], KEY, strlen(KEY)) == 0 && !is_named(page, station, staged))
            return err_set(err, "%s: a key was staged, but no output of the page has it and its place",
                           staged);
    }
    return true;
}

static bool authority_ready(const struct station *station, struct err *err)
{
    if (station->authority == NULL || !file_is_folder(station->authority))
        return err_set(err, "%s: no such folder, and this step puts files there; name it with --authority",
                       station->authority != NULL ? station->authority : "authority");
    return parents_ready(station, "", err);
}

/* A path that is to be set: a file, or with '/' at its end a folder. */
static bool path_ready(const struct station *station, const char *path, struct err *err)
{
    size_t len = strlen(path);
    bool folder = len > 0 && path[len - 1] == '/';
    OWN(char) *plain = text_format("%.*s", (int)(folder ? len - 1 : len), path);
    OWN(char) *target = target_path(station, plain);
    struct stat st;
    if (!path_is_safe(plain))
        return err_set(err, "%s: not a safe path", path);
    if (!parents_ready(station, plain, err))
        return false;
    if (lstat(target, &st) != 0)
        return errno == ENOENT || err_errno(err, "%s: cannot be examined", target);
    if (S_ISLNK(st.st_mode))
        return err_set(err, "%s: is a symbolic link, and this step puts a %s there; take it away", target,
                       folder ? "folder" : "file");
    return (folder ? S_ISDIR(st.st_mode) : S_ISREG(st.st_mode)) ||
           err_set(err, "%s: is not a %s, and this step puts one there; take it away", target,
                   folder ? "folder" : "regular file");
}

bool station_ready(const struct station *station, const char *const *paths, size_t count, struct err *err)
{
    if (!authority_ready(station, err))
        return false;
    for (size_t i = 0; i < count; i++) {
        if (!path_ready(station, paths[i], err))
            return false;
    }
    return true;
}

bool moves_ready(const struct page_read *page, const struct station *station, struct err *err)
{
    if (!staging_is_named(page, station, err))
        return false;
    if (!moves_any(page))
        return true;
    if (!authority_ready(station, err) || !list_ready(page, "directories", true, station, err) ||
        !list_ready(page, "changed", false, station, err) ||
        !list_ready(page, "removed", false, station, err))
        return false;
    for (size_t i = 0; i < count_of(page, "outputs"); i++) {
        const char *place = place_of(page, i);
        if (place != NULL && !key_ready(station, place, err))
            return false;
    }
    return true;
}

static bool staging_make(const struct station *station, struct err *err)
{
    OWN(char) *folder = target_path(station, STAGING);
    return folder_make(folder, 0700, err);
}

bool moves_announce(const struct page_read *page, const struct station *station, struct err *err)
{
    if (!moves_any(page))
        return true;
    OWN(char) *path = staging_path(station, ANNOUNCED);
    OWN(char) *text = text_format("%s  %s\n", page->sha256, page->name);
    return staging_make(station, err) && file_replace(path, text, strlen(text), 0600, err);
}

bool moves_withdraw(const struct station *station, struct err *err)
{
    if (!moves_staged(station))
        return true;
    OWN(char) *path = staging_path(station, ANNOUNCED);
    return file_remove(path, err);
}

bool moves_staged(const struct station *station)
{
    if (station->authority == NULL)
        return false;
    OWN(char) *folder = target_path(station, STAGING);
    return file_exists(folder);
}

bool moves_announced(char sha256[DIGEST_HEX], const struct station *station, struct err *err)
{
    OWN_STRUCT(bytes) text = {0};
    char hex[DIGEST_HEX] = "";
    sha256[0] = 0;
    if (!moves_staged(station))
        return true;
    OWN(char) *path = staging_path(station, ANNOUNCED);
    if (!file_exists(path))
        return true;
    if (!file_read(&text, path, FILE_MAX_SMALL, err))
        return false;
    snprintf(hex, sizeof hex, "%s", bytes_string(&text));
    if (!digest_is_hex(hex))
        return err_set(err, "%s: does not name a page", path);
    memcpy(sha256, hex, DIGEST_HEX);
    return true;
}

bool moves_forget(const struct station *station, struct err *err)
{
    if (!moves_staged(station))
        return true;
    OWN(char) *folder = target_path(station, STAGING);
    return folder_remove(folder, err);
}

bool station_stage_secret(const struct station *station, const char *place, const struct bytes *pem,
                          struct err *err)
{
    if (station->authority == NULL)
        return err_set(err, "station %s has no authority folder to keep a key in; name it with --authority",
                       station->name);
    if (!path_is_safe(place))
        return err_set(err, "%s: not a safe path", place);
    OWN(char) *target = target_path(station, place);
    OWN(char) *staged = secret_path(station, place);
    if (file_exists(target))
        return err_set(err, "%s: a key is there already, and no key is ever overwritten", target);
    return staging_make(station, err) && file_create(staged, pem->data, pem->len, 0600, err);
}

/* ---- the moves ---- */

/* A folder that is there gets the mode that the page says. */
static bool folder_put(const char *path, unsigned mode, struct err *err)
{
    if (!folder_make(path, mode, err))
        return false;
    int fd = open(path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
    if (fd < 0)
        return err_errno(err, "%s: folder cannot be opened", path);
    struct stat st;
    bool done =
        fstat(fd, &st) == 0 && ((st.st_mode & 07777) == mode || (fchmod(fd, mode) == 0 && fsync(fd) == 0));
    if (!done)
        err_errno(err, "%s: mode cannot be set", path);
    close(fd);
    return done;
}

/* A page names the folders that it means; one that it took for granted is made for the owner alone. */
static bool parents_make(const struct station *station, const char *path, struct err *err)
{
    for (const char *at = strchr(path, '/'); at != NULL; at = strchr(at + 1, '/')) {
        OWN(char) *folder = text_format("%s/%.*s", station->authority, (int)(at - path), path);
        if (!folder_make(folder, 0700, err))
            return false;
    }
    return true;
}

static bool file_is(const char *path, const struct bytes *data, unsigned mode)
{
    struct stat st;
    struct err ignored = {0};
    OWN_STRUCT(bytes) found = {0};
    return lstat(path, &st) == 0 && S_ISREG(st.st_mode) && (st.st_mode & 07777) == mode &&
           file_read(&found, path, FILE_MAX_PAGE, &ignored) && bytes_equal(&found, data);
}

static bool changed_move(const struct page_read *page, size_t i, const struct station *station,
                         struct err *err)
{
    const json_t *entry = json_array_get(list_of(page, "changed"), i);
    const char *path = path_of(page, "changed", i);
    if (path == NULL)
        return true;
    OWN(char) *name = text_format("files/%s", page_json_text(entry, "path", NULL));
    OWN(char) *target = target_path(station, path);
    const struct bytes *data = tarball_find(&page->tar, name);
    unsigned mode = mode_value(page_json_text(entry, "mode", NULL));
    if (!parents_make(station, path, err))
        return false;
    return file_is(target, data, mode) || file_replace(target, data->data, data->len, mode, err);
}

static bool removed_move(const struct page_read *page, size_t i, const struct station *station,
                         struct err *err)
{
    OWN(char) *target = target_path(station, path_of(page, "removed", i));
    return !file_exists(target) || file_remove(target, err);
}

static bool directory_move(const struct page_read *page, size_t i, const struct station *station,
                           struct err *err)
{
    const char *path = path_of(page, "directories", i);
    const json_t *entry = json_array_get(list_of(page, "directories"), i);
    OWN(char) *target = target_path(station, path);
    return parents_make(station, path, err) &&
           folder_put(target, mode_value(page_json_text(entry, "mode", NULL)), err);
}

static bool key_move(const struct page_read *page, size_t i, const struct station *station, struct err *err)
{
    const char *place = place_of(page, i);
    if (place == NULL)
        return true;
    OWN(char) *staged = secret_path(station, place);
    OWN(char) *target = target_path(station, place);
    if (!file_exists(staged))
        return true;
    return key_ready(station, place, err) && parents_make(station, place, err) &&
           file_rename(staged, target, err);
}

typedef bool move(const struct page_read *page, size_t i, const struct station *station, struct err *err);

static bool list_move(const struct page_read *page, const char *list, move *each,
                      const struct station *station, struct err *err)
{
    for (size_t i = 0; i < count_of(page, list); i++) {
        if (!each(page, i, station, err))
            return false;
    }
    return true;
}

bool moves_make(const struct page_read *page, const struct station *station, struct err *err)
{
    if (moves_any(page) && !(list_move(page, "directories", directory_move, station, err) &&
                             list_move(page, "removed", removed_move, station, err) &&
                             list_move(page, "changed", changed_move, station, err) &&
                             list_move(page, "outputs", key_move, station, err)))
        return false;
    return moves_forget(station, err);
}

#include "inventory.h"

#include "../ceremony/file.h"
#include "inventoryparts.h"

#include <string.h>
#include <sys/stat.h>

/* Deeper or larger than this is no tree of ours; the walk of a stranger's folder must end. */
enum { DEPTH_MAX = 8, THINGS_MAX = 10000 };

struct walk {
    struct inventory *out;
    const struct inventory *expected;
    const char *folder, *station;
};

/* The path in the station's authority: "config/ca.json", or "" for the folder itself. */
static const char *inner_path(const struct walk *walk, const char *path)
{
    size_t len = strlen(walk->station);
    return path[len] == '/' ? path + len + 1 : "";
}

static bool is_secret(const struct walk *walk, const char *path)
{
    const struct thing *known = inventory_find(walk->expected, path);
    return (known != NULL && known->kind == THING_KEY) ||
           strncmp(inner_path(walk, path), "secrets/", strlen("secrets/")) == 0;
}

static void file_put(const struct walk *walk, const char *path, const char *full, unsigned mode)
{
    struct err unreadable = {0};
    OWN_STRUCT(bytes) data = {0};
    if (is_secret(walk, path)) {
        inventory_put(walk->out, path, THING_KEY, mode);
        return;
    }
    bool read = file_read(&data, full, FILE_MAX_SMALL, &unreadable);
    struct thing *put = inventory_put(walk->out, path, read ? THING_FILE : THING_OTHER, mode);
    if (read)
        put->data = bytes_give(&data);
    else
        put->why = "a file that cannot be read, or is larger than 4 MiB";
}

static bool folder_put(const struct walk *walk, const char *path, unsigned depth, struct err *err);

static bool thing_put(const struct walk *walk, const char *path, unsigned depth, struct err *err)
{
    OWN(char) *full = path_join(walk->folder, inner_path(walk, path));
    struct stat st;
    if (walk->out->count >= THINGS_MAX)
        return err_set(err, "%s: holds more than %d files and folders; is it an authority?", walk->folder,
                       THINGS_MAX);
    if (lstat(full, &st) != 0)
        return err_errno(err, "%s: cannot be examined", full);
    unsigned mode = st.st_mode & 07777;
    if (S_ISREG(st.st_mode)) {
        file_put(walk, path, full, mode);
    } else if (S_ISDIR(st.st_mode)) {
        bool closed = strcmp(inner_path(walk, path), "db") == 0 || depth >= DEPTH_MAX;
        inventory_put(walk->out, path, closed ? THING_CLOSED : THING_FOLDER, mode);
        return closed || folder_put(walk, path, depth + 1, err);
    } else {
        inventory_put(walk->out, path, THING_OTHER, mode)->why =
            S_ISLNK(st.st_mode) ? "a symbolic link; it is not followed" : "neither a file nor a folder";
    }
    return true;
}

static bool folder_put(const struct walk *walk, const char *path, unsigned depth, struct err *err)
{
    OWN_STRUCT(names) names = {0};
    const char *inner = inner_path(walk, path);
    OWN(char) *full = *inner != '\0' ? path_join(walk->folder, inner) : text_copy(walk->folder);
    if (!folder_list(&names, full, err))
        return false;
    for (size_t i = 0; i < names.count; i++) {
        OWN(char) *below = path_join(path, names.name[i]);
        if (!thing_put(walk, below, depth, err))
            return false;
    }
    return true;
}

bool inventory_read(struct inventory *out, const char *folder, const char *station,
                    const struct inventory *expected, struct err *err)
{
    OWN_STRUCT(inventory) found = {0};
    struct walk walk = {.out = &found, .expected = expected, .folder = folder, .station = station};
    struct stat st;
    if (stat(folder, &st) != 0)
        return err_errno(err, "%s: cannot be examined", folder);
    if (!S_ISDIR(st.st_mode))
        return err_set(err, "%s: not a folder; an authority is one", folder);
    inventory_put(&found, station, THING_FOLDER, st.st_mode & 07777);
    if (!folder_put(&walk, station, 0, err))
        return false;
    inventory_free(out);
    *out = found;
    found = (struct inventory){0};
    return true;
}

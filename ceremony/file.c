#include "file.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

struct handle {
    int fd;
};
static void handle_free(struct handle *h)
{
    if (h->fd >= 0)
        close(h->fd);
    h->fd = -1;
}

char *path_join(const char *dir, const char *name)
{
    size_t len = strlen(dir);
    return text_format("%s%s%s", dir, len > 0 && dir[len - 1] == '/' ? "" : "/", name);
}

const char *path_name(const char *path)
{
    const char *slash = strrchr(path, '/');
    return slash != NULL ? slash + 1 : path;
}

char *path_folder(const char *path)
{
    const char *slash = strrchr(path, '/');
    if (slash == NULL)
        return text_copy(".");
    if (slash == path)
        return text_copy("/");
    return text_format("%.*s", (int)(slash - path), path);
}

static bool component_is_safe(const char *part, size_t len)
{
    static const char allowed[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._-";
    if (len == 0 || (len == 1 && part[0] == '.') || (len == 2 && part[0] == '.' && part[1] == '.'))
        return false;
    return strspn(part, allowed) >= len;
}

bool path_is_safe(const char *path)
{
    if (strlen(path) > 100)
        return false;
    for (const char *part = path;;) {
        size_t len = strcspn(part, "/");
        if (!component_is_safe(part, len))
            return false;
        if (part[len] == 0)
            return true;
        part += len + 1;
    }
}

bool file_exists(const char *path)
{
    struct stat st;
    return lstat(path, &st) == 0;
}

bool file_is_folder(const char *path)
{
    struct stat st;
    return lstat(path, &st) == 0 && S_ISDIR(st.st_mode);
}

bool file_is_own(const char *path, mode_t denied, struct err *err)
{
    struct stat st;
    if (lstat(path, &st) != 0)
        return err_errno(err, "%s: cannot be examined", path);
    if (st.st_uid != geteuid())
        return err_set(
            err,
            "%s: belongs to user %u and not to user %u, who runs this; `chown` it, after asking who "
            "changed it",
            path, (unsigned)st.st_uid, (unsigned)geteuid());
    if ((st.st_mode & denied & 022) != 0)
        return err_set(err, "%s: others may write there (mode %04o); `chmod go-w` it, after asking who did",
                       path, (unsigned)(st.st_mode & 07777));
    return (st.st_mode & denied) == 0 ||
           err_set(err, "%s: others may read it (mode %04o); `chmod go=` it, after asking who did", path,
                   (unsigned)(st.st_mode & 07777));
}

static bool read_all(struct bytes *out, int fd, size_t max, const char *path, struct err *err)
{
    unsigned char block[65536];
    for (;;) {
        ssize_t got = read(fd, block, sizeof block);
        if (got < 0 && errno == EINTR)
            continue;
        if (got < 0)
            return err_errno(err, "%s: cannot be read", path);
        if (got == 0)
            return true;
        if (out->len + (size_t)got > max)
            return err_set(err, "%s: larger than %zu bytes, more than such a file can need", path, max);
        bytes_add(out, block, (size_t)got);
    }
}

/* `fd` is what an open gave, also when it failed. */
static bool read_opened(struct bytes *out, int fd, const char *path, size_t max, struct err *err)
{
    if (fd < 0 && errno == ELOOP)
        return err_set(err, "%s: is a symbolic link; name the file itself", path);
    if (fd < 0)
        return err_errno(err, "%s: cannot be opened", path);
    struct stat st;
    if (fstat(fd, &st) != 0)
        return err_errno(err, "%s: cannot be examined", path);
    if (!S_ISREG(st.st_mode))
        return err_set(err, "%s: not a regular file", path);
    OWN_STRUCT(bytes) content = {0};
    bytes_add(&content, "", 0);
    if (!read_all(&content, fd, max, path, err))
        return false;
    bytes_free(out);
    *out = bytes_give(&content);
    return true;
}

#define READ_FLAGS (O_RDONLY | O_NOFOLLOW | O_CLOEXEC | O_NONBLOCK)

bool file_read(struct bytes *out, const char *path, size_t max, struct err *err)
{
    OWN_STRUCT(handle) file = {open(path, READ_FLAGS)};
    return read_opened(out, file.fd, path, max, err);
}

/* Step into the folder `name` of the one that is open, if it is there and is no link. */
static bool handle_enter(struct handle *at, const char *name, const char *path, struct err *err)
{
    struct handle next = {openat(at->fd, name, O_PATH | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC)};
    if (next.fd < 0 && errno == ENOTDIR)
        return err_set(err, "%s: %s is no folder, and links are not followed; put the file there itself",
                       path, name);
    if (next.fd < 0)
        return err_errno(err, "%s: cannot be opened", path);
    handle_free(at);
    *at = next;
    return true;
}

bool file_read_below(struct bytes *out, const char *folder, const char *path, size_t max, struct err *err)
{
    OWN(char) *full = strcmp(folder, ".") == 0 ? text_copy(path) : path_join(folder, path);
    OWN_STRUCT(handle) at = {open(folder, O_PATH | O_DIRECTORY | O_CLOEXEC)};
    if (!path_is_safe(path))
        return err_set(err, "%s: not a safe path", path);
    if (at.fd < 0)
        return err_errno(err, "%s: folder cannot be opened", folder);
    const char *part = path;
    for (const char *slash; (slash = strchr(part, '/')) != NULL; part = slash + 1) {
        OWN(char) *name = text_format("%.*s", (int)(slash - part), part);
        if (!handle_enter(&at, name, full, err))
            return false;
    }
    OWN_STRUCT(handle) file = {openat(at.fd, part, READ_FLAGS)};
    return read_opened(out, file.fd, full, max, err);
}

static bool write_all(int fd, const void *data, size_t len, const char *path, struct err *err)
{
    const char *at = data;
    while (len > 0) {
        ssize_t put = write(fd, at, len);
        if (put < 0 && errno == EINTR)
            continue;
        if (put < 0)
            return err_errno(err, "%s: cannot be written", path);
        at += put;
        len -= (size_t)put;
    }
    return true;
}

static bool sync_fd(int fd, const char *path, struct err *err)
{
    while (fsync(fd) != 0) {
        if (errno != EINTR)
            return err_errno(err, "%s: cannot be made durable (fsync)", path);
    }
    return true;
}

/* Write a new file whole; on failure the name is gone again. */
static bool write_new(const char *path, const void *data, size_t len, mode_t mode, struct err *err)
{
    OWN_STRUCT(handle) file = {open(path, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600)};
    if (file.fd < 0 && errno == EEXIST)
        return err_set(err, "%s: exists already, and nothing is ever overwritten", path);
    if (file.fd < 0)
        return err_errno(err, "%s: cannot be created", path);
    bool whole = fchmod(file.fd, mode) == 0 || err_errno(err, "%s: mode cannot be set", path);
    whole = whole && write_all(file.fd, data, len, path, err) && sync_fd(file.fd, path, err);
    if (!whole)
        unlink(path);
    return whole;
}

bool folder_sync(const char *path, struct err *err)
{
    OWN_STRUCT(handle) folder = {open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)};
    if (folder.fd < 0)
        return err_errno(err, "%s: cannot be opened", path);
    return sync_fd(folder.fd, path, err);
}

static bool folder_of_sync(const char *path, struct err *err)
{
    OWN(char) *folder = path_folder(path);
    return folder_sync(folder, err);
}

bool file_create(const char *path, const void *data, size_t len, mode_t mode, struct err *err)
{
    return write_new(path, data, len, mode, err) && folder_of_sync(path, err);
}

bool file_replace(const char *path, const void *data, size_t len, mode_t mode, struct err *err)
{
    OWN(char) *folder = path_folder(path);
    OWN(char) *name = text_format(".%s.verger-new", path_name(path));
    OWN(char) *temporary = path_join(folder, name);
    if (unlink(temporary) != 0 && errno != ENOENT)
        return err_errno(err, "%s: left over, and cannot be removed", temporary);
    if (!write_new(temporary, data, len, mode, err))
        return false;
    if (rename(temporary, path) != 0) {
        err_errno(err, "%s: cannot be put in place", path);
        unlink(temporary);
        return false;
    }
    return folder_sync(folder, err);
}

bool file_rename(const char *from, const char *to, struct err *err)
{
    if (rename(from, to) != 0)
        return err_errno(err, "%s: cannot be renamed to %s", from, to);
    return folder_of_sync(to, err) && folder_of_sync(from, err);
}

bool file_remove(const char *path, struct err *err)
{
    if (unlink(path) == 0)
        return folder_of_sync(path, err);
    if (errno == ENOENT)
        return true;
    return err_errno(err, "%s: cannot be removed", path);
}

bool file_append(const char *path, const void *data, size_t len, mode_t mode, struct err *err)
{
    bool is_new = !file_exists(path);
    OWN_STRUCT(handle) file = {open(path, O_WRONLY | O_APPEND | O_CREAT | O_NOFOLLOW | O_CLOEXEC, 0600)};
    if (file.fd < 0)
        return err_errno(err, "%s: cannot be opened to append", path);
    if (is_new && fchmod(file.fd, mode) != 0)
        return err_errno(err, "%s: mode cannot be set", path);
    if (!write_all(file.fd, data, len, path, err) || !sync_fd(file.fd, path, err))
        return false;
    return !is_new || folder_of_sync(path, err);
}

/* With its mode from its first instant: one that is there is left as it is, so that a crash before a second
 * call would leave it wrong for good. */
static int make_with_mode(const char *path, mode_t mode)
{
    mode_t denied = umask(0);
    int made = mkdir(path, mode);
    int error = errno;
    umask(denied);
    errno = error;
    return made;
}

bool folder_make(const char *path, mode_t mode, struct err *err)
{
    if (make_with_mode(path, mode) != 0) {
        if (errno == EEXIST && file_is_folder(path))
            return true;
        return err_errno(err, "%s: folder cannot be made", path);
    }
    if (chmod(path, mode) != 0)
        return err_errno(err, "%s: mode cannot be set", path);
    return folder_sync(path, err) && folder_of_sync(path, err);
}

void names_free(struct names *n)
{
    for (size_t i = 0; i < n->count; i++)
        free(n->name[i]);
    free(n->name);
    *n = (struct names){0};
}

static int name_order(const void *a, const void *b)
{
    return strcmp(*(char *const *)a, *(char *const *)b);
}

OWN_DEFINE(DIR, closedir);

bool folder_list(struct names *out, const char *path, struct err *err)
{
    OWN(DIR) *dir = opendir(path);
    if (dir == NULL)
        return err_errno(err, "%s: folder cannot be listed", path);
    OWN_STRUCT(names) found = {0};
    for (;;) {
        errno = 0;
        const struct dirent *entry = readdir(dir);
        if (entry == NULL && errno != 0)
            return err_errno(err, "%s: folder cannot be listed", path);
        if (entry == NULL)
            break;
        if (strcmp(entry->d_name, ".") == 0 || strcmp(entry->d_name, "..") == 0)
            continue;
        found.name = reallocarray(found.name, found.count + 1, sizeof *found.name);
        if (found.name == NULL)
            abort();
        found.name[found.count++] = text_copy(entry->d_name);
    }
    if (found.count > 1)
        qsort(found.name, found.count, sizeof *found.name, name_order);
    names_free(out);
    *out = found;
    found = (struct names){0};
    return true;
}

bool folder_remove(const char *path, struct err *err)
{
    if (!file_exists(path))
        return true;
    OWN_STRUCT(names) names = {0};
    if (!folder_list(&names, path, err))
        return false;
    for (size_t i = 0; i < names.count; i++) {
        OWN(char) *child = path_join(path, names.name[i]);
        if (file_is_folder(child) ? !folder_remove(child, err) : !file_remove(child, err))
            return false;
    }
    if (rmdir(path) != 0)
        return err_errno(err, "%s: folder cannot be removed", path);
    return folder_of_sync(path, err);
}

bool folder_has_room(const char *path, size_t bytes, struct err *err)
{
    struct statvfs st;
    if (statvfs(path, &st) != 0)
        return err_errno(err, "%s: its free space cannot be asked", path);
    unsigned long long room = (unsigned long long)st.f_bavail * st.f_frsize;
    return room >= bytes ||
           err_set(err, "%s: has %llu KiB of free space left, and %zu KiB are needed; make room", path,
                   room / 1024, bytes / 1024);
}

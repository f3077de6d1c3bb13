#include "medium.h"

#include "file.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define MOUNTS "/proc/self/mountinfo"
enum { LINE = 4096, BLOCK = 4096 }; /* bytes; what a direct read must be aligned to, at most */

/* ---- what it is ---- */

/* "36 35 98:0 /root /mnt rw,noatime shared:1 - ext4 /dev/sda1 rw": the mount's number, its device, and what
 * stands behind " - " (proc(5)). */
static bool line_is_of(const char *line, unsigned long long mount, char device[32], char filesystem[64])
{
    unsigned long long found = 0;
    const char *rest = strstr(line, " - ");
    return sscanf(line, "%llu %*s %31s", &found, device) == 2 && found == mount && rest != NULL &&
           sscanf(rest, " - %63s", filesystem) == 1;
}

static bool mount_find(char device[32], char filesystem[64], unsigned long long mount)
{
    char line[LINE];
    OWN(FILE) *mounts = fopen(MOUNTS, "re");
    while (mounts != NULL && fgets(line, sizeof line, mounts) != NULL)
        if (line_is_of(line, mount, device, filesystem))
            return true;
    return false;
}

bool medium_look(json_t **out, const char *folder, struct err *err)
{
    struct statx st;
    char device[32], filesystem[64];
    if (statx(AT_FDCWD, folder, 0, STATX_BASIC_STATS | STATX_MNT_ID, &st) != 0)
        return err_errno(err, "%s: cannot be examined", folder);
    if (!S_ISDIR(st.stx_mode))
        return err_set(err, "%s: is no folder; name the one where the medium is mounted", folder);
    if ((st.stx_mask & STATX_MNT_ID) == 0 || !mount_find(device, filesystem, st.stx_mnt_id)) {
        snprintf(device, sizeof device, "%u:%u", st.stx_dev_major, st.stx_dev_minor);
        snprintf(filesystem, sizeof filesystem, "unknown");
    }
    *out = json_pack("{s:s, s:s}", "device", device, "filesystem", filesystem);
    return *out != NULL || err_set(err, "%s: its file system has a name that is not UTF-8", folder);
}

/* ---- reading ---- */

struct reading {
    int fd;
    unsigned char *block; /* aligned, MEDIUM_FILE_MAX and one block more */
};

static void reading_free(struct reading *r)
{
    if (r->fd >= 0)
        close(r->fd);
    free(r->block);
}

static bool reading_judge(const struct reading *r, const char *path, struct err *err)
{
    struct stat st;
    if (fstat(r->fd, &st) != 0)
        return err_errno(err, "%s: cannot be examined", path);
    if (!S_ISREG(st.st_mode))
        return err_set(err, "%s: not a regular file", path);
    return (st.st_mode & 077) == 0 ||
           err_set(
               err,
               "%s: others can read it (mode %04o), and it is an encrypted key; `chmod 600` it, or mount a "
               "medium without modes with -o umask=077",
               path, (unsigned)(st.st_mode & 07777));
}

/* The whole of it, or what errno says. Direct reads end with a short one, and a further one need not work. */
static bool reading_take(struct reading *r, size_t *len)
{
    for (*len = 0; *len <= MEDIUM_FILE_MAX;) {
        ssize_t got = read(r->fd, r->block + *len, MEDIUM_FILE_MAX + BLOCK - *len);
        if (got < 0 && errno == EINTR)
            continue;
        if (got < 0)
            return false;
        *len += (size_t)got;
        if (got == 0 || *len % BLOCK != 0)
            return true;
    }
    return true;
}

static bool read_with(struct bytes *out, const char *path, int flags, struct err *err)
{
    OWN_STRUCT(reading) r = {.fd = open(path, O_RDONLY | O_NOFOLLOW | O_CLOEXEC | O_NONBLOCK | flags)};
    size_t len = 0;
    if (r.fd < 0)
        return err_errno(err, "%s: cannot be opened", path);
    if (!reading_judge(&r, path, err))
        return false;
    (void)posix_fadvise(r.fd, 0, 0, POSIX_FADV_DONTNEED);
    if (posix_memalign((void **)&r.block, BLOCK, MEDIUM_FILE_MAX + BLOCK) != 0)
        abort();
    if (!reading_take(&r, &len))
        return err_errno(err, "%s: cannot be read back", path);
    if (len > MEDIUM_FILE_MAX)
        return err_set(err, "%s: larger than %u bytes, more than a key can need", path, MEDIUM_FILE_MAX);
    *out = bytes_copy(r.block, len);
    return true;
}

bool medium_read(struct bytes *out, bool *direct, const char *folder, const char *name, struct err *err)
{
    OWN(char) *path = path_join(folder, name);
    struct err ignored = {0};
    *direct = read_with(out, path, O_DIRECT, &ignored);
    return *direct || read_with(out, path, 0, err);
}

/* ---- writing ---- */

static bool is_the_same(const char *folder, const char *name, const struct bytes *content, struct err *err)
{
    OWN_STRUCT(bytes) there = {0};
    bool direct = false;
    if (!medium_read(&there, &direct, folder, name, err))
        return false;
    return bytes_equal(&there, content) ||
           err_set(err, "%s/%s: is there already, and is another file; nothing is ever overwritten", folder,
                   name);
}

/* A file system without modes takes any mode, and keeps its own. */
static bool is_private(const char *path, struct err *err)
{
    struct stat st;
    if (lstat(path, &st) != 0)
        return err_errno(err, "%s: cannot be examined", path);
    return (st.st_mode & 077) == 0 ||
           err_set(err, "others could read there (mode %04o); mount a medium without modes with -o umask=077",
                   (unsigned)(st.st_mode & 07777));
}

static bool put_new(const char *path, const char *temporary, const struct bytes *content, struct err *err)
{
    if (!file_remove(temporary, err) || !file_create(temporary, content->data, content->len, 0600, err))
        return false;
    if (is_private(temporary, err) && file_rename(temporary, path, err))
        return true;
    (void)unlink(temporary);
    return false;
}

bool medium_put(bool *found, const char *folder, const char *name, const struct bytes *content,
                struct err *err)
{
    OWN(char) *hidden = text_format(".%s.verger-new", name);
    OWN(char) *temporary = path_join(folder, hidden);
    OWN(char) *path = path_join(folder, name);
    if (content->len > MEDIUM_FILE_MAX)
        return err_set(err, "%s: larger than %u bytes, more than a key can need", name, MEDIUM_FILE_MAX);
    *found = file_exists(path);
    if (*found)
        return is_the_same(folder, name, content, err);
    return put_new(path, temporary, content, err) || err_wrap(err, "%s", folder);
}

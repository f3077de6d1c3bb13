/* What a power cut leaves of a disk: names whose folder was not fsynced and content that was not fsynced are
 * lost. More is lost here than by any one file system, so that what survives this survives those. */
#include "fault.h"

#include <fcntl.h>
#include <libgen.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#define PATH 512
#define MOST 512

struct change {
    enum { MADE, RENAMED, REMOVED, FOLDER_REMOVED } kind;
    char path[PATH], from[PATH];
    unsigned kept; /* number of what stood under the name before, 0: nothing */
    mode_t mode;
    ino_t folder;
};

struct content {
    int fd;
    ino_t inode;
    off_t size;
    mode_t mode;
};

static struct {
    char kept[PATH];
    unsigned next;
    size_t changes, contents;
    struct change change[MOST]; /* oldest first */
    struct content content[MOST];
} disk;

void disk_start(const char *kept)
{
    snprintf(disk.kept, sizeof disk.kept, "%s", kept);
}

static bool is_off(void)
{
    return disk.kept[0] == 0;
}

static void kept_path(char out[PATH + 32], unsigned number)
{
    snprintf(out, PATH + 32, "%s/%u", disk.kept, number);
}

unsigned disk_keep(const char *path)
{
    char kept[PATH + 32];
    if (is_off())
        return 0;
    kept_path(kept, ++disk.next);
    return syscall(SYS_linkat, AT_FDCWD, path, AT_FDCWD, kept, 0) == 0 ? disk.next : 0;
}

static ino_t folder_of(const char *path)
{
    struct stat st = {0};
    char copy[PATH];
    snprintf(copy, sizeof copy, "%s", path);
    (void)stat(dirname(copy), &st);
    return st.st_ino;
}

static struct change *add(const char *path)
{
    if (disk.changes == MOST)
        abort();
    struct change *change = &disk.change[disk.changes++];
    *change = (struct change){.folder = folder_of(path)};
    snprintf(change->path, sizeof change->path, "%s", path);
    return change;
}

void disk_made(const char *path)
{
    if (!is_off())
        add(path)->kind = MADE;
}

void disk_renamed(const char *from, const char *to, unsigned kept)
{
    if (is_off())
        return;
    struct change *change = add(to);
    change->kind = RENAMED;
    change->kept = kept;
    snprintf(change->from, sizeof change->from, "%s", from);
}

void disk_removed(const char *path, unsigned kept)
{
    if (is_off())
        return;
    struct change *change = add(path);
    change->kind = REMOVED;
    change->kept = kept;
}

void disk_folder_removed(const char *path, mode_t mode)
{
    if (is_off())
        return;
    struct change *change = add(path);
    change->kind = FOLDER_REMOVED;
    change->mode = mode;
}

/* ---- content ---- */

static void content_add(int fd, const struct stat *st)
{
    for (size_t i = 0; i < disk.contents; i++) {
        if (disk.content[i].inode == st->st_ino)
            return;
    }
    if (disk.contents == MOST)
        abort();
    disk.content[disk.contents++] =
        (struct content){fcntl(fd, F_DUPFD_CLOEXEC, 200), st->st_ino, st->st_size, st->st_mode & 07777};
}

void disk_changes(int fd)
{
    struct stat st;
    if (!is_off() && fstat(fd, &st) == 0 && (S_ISREG(st.st_mode) || S_ISDIR(st.st_mode)))
        content_add(fd, &st);
}

void disk_changes_path(const char *path)
{
    int fd = is_off() ? -1 : (int)syscall(SYS_openat, AT_FDCWD, path, O_RDONLY | O_CLOEXEC);
    if (fd < 0)
        return;
    disk_changes(fd);
    close(fd);
}

/* ---- durable, or lost ---- */

static void forget_changes(ino_t folder)
{
    size_t left = 0;
    for (size_t i = 0; i < disk.changes; i++) {
        if (disk.change[i].folder != folder)
            disk.change[left++] = disk.change[i];
    }
    disk.changes = left;
}

static void forget_content(ino_t inode)
{
    size_t left = 0;
    for (size_t i = 0; i < disk.contents; i++) {
        if (disk.content[i].inode == inode)
            close(disk.content[i].fd);
        else
            disk.content[left++] = disk.content[i];
    }
    disk.contents = left;
}

void disk_synced(int fd)
{
    struct stat st;
    if (is_off() || fstat(fd, &st) != 0)
        return;
    forget_content(st.st_ino);
    if (S_ISDIR(st.st_mode))
        forget_changes(st.st_ino);
}

/* A folder that never was goes with all that is in it. */
static void take_away(const char *path)
{
    char away[PATH + 32];
    kept_path(away, ++disk.next);
    syscall(SYS_renameat, AT_FDCWD, path, AT_FDCWD, away);
}

static void put_back(const char *path, unsigned kept)
{
    char from[PATH + 32];
    kept_path(from, kept);
    if (kept != 0)
        syscall(SYS_renameat, AT_FDCWD, from, AT_FDCWD, path);
}

static void undo(const struct change *change)
{
    switch (change->kind) {
    case MADE:
        take_away(change->path);
        break;
    case RENAMED:
        syscall(SYS_renameat, AT_FDCWD, change->path, AT_FDCWD, change->from);
        put_back(change->path, change->kept);
        break;
    case REMOVED:
        put_back(change->path, change->kept);
        break;
    case FOLDER_REMOVED:
        syscall(SYS_mkdirat, AT_FDCWD, change->path, change->mode);
        break;
    }
}

static bool is_lost(unsigned *seed)
{
    if (*seed == 0)
        return true;
    *seed = *seed * 1103515245u + 12345u;
    return (*seed >> 16 & 1) != 0;
}

void disk_lose(unsigned seed)
{
    for (size_t i = 0; i < disk.contents; i++) {
        const struct content *content = &disk.content[i];
        struct stat st;
        if (!is_lost(&seed))
            continue;
        if (fstat(content->fd, &st) == 0 && S_ISREG(st.st_mode) && st.st_size > content->size)
            syscall(SYS_ftruncate, content->fd, content->size);
        syscall(SYS_fchmod, content->fd, content->mode);
    }
    for (size_t i = disk.changes; i-- > 0;) {
        if (is_lost(&seed))
            undo(&disk.change[i]);
    }
}

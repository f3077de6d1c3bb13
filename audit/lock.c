#include "lock.h"

#include "../ceremony/bytes.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <unistd.h>

void lock_free(struct lock *lock)
{
    if (lock->fd >= 0)
        close(lock->fd);
    lock->fd = -1;
}

/* Who holds a lock on this inode, from /proc/locks (proc(5)); 0 when it is not told. */
static long holder_of(int fd)
{
    struct stat st;
    OWN(FILE) *locks = fopen("/proc/locks", "re");
    if (locks == NULL || fstat(fd, &st) != 0)
        return 0;
    char line[256];
    while (fgets(line, sizeof line, locks) != NULL) {
        long pid = 0;
        unsigned major_id = 0, minor_id = 0;
        unsigned long long inode = 0;
        if (sscanf(line, "%*u: FLOCK ADVISORY WRITE %ld %x:%x:%llu", &pid, &major_id, &minor_id, &inode) ==
                4 &&
            inode == st.st_ino && makedev(major_id, minor_id) == st.st_dev)
            return pid;
    }
    return 0;
}

/* What the holder wrote into its lock file, for file systems whose device numbers /proc/locks does not show.
 */
static long holder_written(int fd)
{
    char text[24] = "";
    ssize_t got = pread(fd, text, sizeof text - 1, 0);
    return got > 0 ? strtol(text, NULL, 10) : 0;
}

static bool lock_take(int fd, const char *path, bool is_file, struct err *err)
{
    if (flock(fd, LOCK_EX | LOCK_NB) == 0)
        return true;
    if (errno != EWOULDBLOCK)
        return err_errno(err, "%s: cannot be locked", path);
    long pid = holder_of(fd);
    if (pid <= 0 && is_file)
        pid = holder_written(fd);
    if (pid > 0)
        return err_set(err, "%s: another verger works here (process %ld); wait for it to end", path, pid);
    return err_set(err, "%s: another verger works here; wait for it to end", path);
}

bool lock_folder(struct lock *out, const char *path, struct err *err)
{
    OWN_STRUCT(lock) lock = {open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)};
    if (lock.fd < 0)
        return err_errno(err, "%s: folder cannot be opened", path);
    if (!lock_take(lock.fd, path, false, err))
        return false;
    *out = (struct lock){lock.fd};
    lock.fd = -1;
    return true;
}

bool lock_file(struct lock *out, const char *path, struct err *err)
{
    OWN_STRUCT(lock) lock = {open(path, O_RDWR | O_CREAT | O_NOFOLLOW | O_CLOEXEC, 0600)};
    if (lock.fd < 0)
        return err_errno(err, "%s: cannot be opened", path);
    if (!lock_take(lock.fd, path, true, err))
        return false;
    OWN(char) *pid = text_format("%ld\n", (long)getpid());
    if (ftruncate(lock.fd, 0) != 0 || pwrite(lock.fd, pid, strlen(pid), 0) != (ssize_t)strlen(pid))
        return err_errno(err, "%s: cannot be written", path);
    *out = (struct lock){lock.fd};
    lock.fd = -1;
    return true;
}

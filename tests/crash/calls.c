/* The calls that change a folder, in front of the C library's. What is not said in the standard headers is
 * what the C library really exports for 64-bit offsets and for fortified callers. */
#include "fault.h"

#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

int open64(const char *path, int flags, ...);
int openat64(int at, const char *path, int flags, ...);
int __open_2(const char *path, int flags);
int __open64_2(const char *path, int flags);
int creat64(const char *path, mode_t mode);
ssize_t pwrite64(int fd, const void *data, size_t len, off_t at);
int ftruncate64(int fd, off_t len);

static int fail(int error)
{
    errno = error;
    return -1;
}

/* ---- names ---- */

static int open_file(int at, const char *path, int flags, mode_t mode)
{
    bool writes = (flags & (O_CREAT | O_WRONLY | O_RDWR)) != 0;
    int error = writes && at == AT_FDCWD ? fault_call("open", path, FAULT_ADDS) : 0;
    if (error != 0)
        return fail(error);
    bool is_new = (flags & O_CREAT) != 0 && syscall(SYS_faccessat, at, path, F_OK) != 0;
    int fd = (int)syscall(SYS_openat, at, path, flags, mode);
    if (fd >= 0 && is_new && writes)
        disk_made(path);
    fault_done();
    return fd;
}

#define MODE(mode, flags)                                                                                    \
    mode_t mode = 0;                                                                                         \
    if (((flags) & (O_CREAT | O_TMPFILE)) != 0) {                                                            \
        va_list list;                                                                                        \
        va_start(list, flags);                                                                               \
        mode = va_arg(list, mode_t);                                                                         \
        va_end(list);                                                                                        \
    }

int open(const char *path, int flags, ...)
{
    MODE(mode, flags)
    return open_file(AT_FDCWD, path, flags, mode);
}

int open64(const char *path, int flags, ...)
{
    MODE(mode, flags)
    return open_file(AT_FDCWD, path, flags, mode);
}

int openat(int at, const char *path, int flags, ...)
{
    MODE(mode, flags)
    return open_file(at, path, flags, mode);
}

int openat64(int at, const char *path, int flags, ...)
{
    MODE(mode, flags)
    return open_file(at, path, flags, mode);
}

int __open_2(const char *path, int flags)
{
    return open_file(AT_FDCWD, path, flags, 0);
}

int __open64_2(const char *path, int flags)
{
    return open_file(AT_FDCWD, path, flags, 0);
}

int creat(const char *path, mode_t mode)
{
    return open_file(AT_FDCWD, path, O_WRONLY | O_CREAT | O_TRUNC, mode);
}

int creat64(const char *path, mode_t mode)
{
    return creat(path, mode);
}

int mkdir(const char *path, mode_t mode)
{
    int error = fault_call("mkdir", path, FAULT_ADDS);
    if (error != 0)
        return fail(error);
    int result = (int)syscall(SYS_mkdirat, AT_FDCWD, path, mode);
    if (result == 0)
        disk_made(path);
    fault_done();
    return result;
}

int rename(const char *from, const char *to)
{
    int error = fault_call("rename", to, FAULT_ADDS);
    if (error != 0)
        return fail(error);
    unsigned kept = disk_keep(to);
    int result = (int)syscall(SYS_renameat, AT_FDCWD, from, AT_FDCWD, to);
    if (result == 0)
        disk_renamed(from, to, kept);
    fault_done();
    return result;
}

int link(const char *from, const char *to)
{
    int error = fault_call("link", to, FAULT_ADDS);
    if (error != 0)
        return fail(error);
    int result = (int)syscall(SYS_linkat, AT_FDCWD, from, AT_FDCWD, to, 0);
    if (result == 0)
        disk_made(to);
    fault_done();
    return result;
}

int unlink(const char *path)
{
    int error = fault_call("unlink", path, FAULT_CHANGES);
    if (error != 0)
        return fail(error);
    unsigned kept = disk_keep(path);
    int result = (int)syscall(SYS_unlinkat, AT_FDCWD, path, 0);
    if (result == 0)
        disk_removed(path, kept);
    fault_done();
    return result;
}

int rmdir(const char *path)
{
    struct stat st = {0};
    int error = fault_call("rmdir", path, FAULT_CHANGES);
    if (error != 0)
        return fail(error);
    (void)lstat(path, &st);
    int result = (int)syscall(SYS_unlinkat, AT_FDCWD, path, AT_REMOVEDIR);
    if (result == 0)
        disk_folder_removed(path, st.st_mode & 07777);
    fault_done();
    return result;
}

int chmod(const char *path, mode_t mode)
{
    int error = fault_call("chmod", path, FAULT_CHANGES);
    if (error != 0)
        return fail(error);
    disk_changes_path(path);
    int result = (int)syscall(SYS_fchmodat, AT_FDCWD, path, mode);
    fault_done();
    return result;
}

/* ---- content ---- */

ssize_t write(int fd, const void *data, size_t len)
{
    int error = fault_call_fd("write", fd, FAULT_ADDS);
    if (error != 0)
        return fail(error);
    disk_changes(fd);
    ssize_t result = (ssize_t)syscall(SYS_write, fd, data, fault_cut(len));
    fault_done();
    return result;
}

ssize_t pwrite(int fd, const void *data, size_t len, off_t at)
{
    int error = fault_call_fd("pwrite", fd, FAULT_ADDS);
    if (error != 0)
        return fail(error);
    disk_changes(fd);
    ssize_t result = (ssize_t)syscall(SYS_pwrite64, fd, data, fault_cut(len), at);
    fault_done();
    return result;
}

ssize_t pwrite64(int fd, const void *data, size_t len, off_t at)
{
    return pwrite(fd, data, len, at);
}

int ftruncate(int fd, off_t len)
{
    int error = fault_call_fd("ftruncate", fd, FAULT_CHANGES);
    if (error != 0)
        return fail(error);
    disk_changes(fd);
    int result = (int)syscall(SYS_ftruncate, fd, len);
    fault_done();
    return result;
}

int ftruncate64(int fd, off_t len)
{
    return ftruncate(fd, len);
}

int fchmod(int fd, mode_t mode)
{
    int error = fault_call_fd("fchmod", fd, FAULT_CHANGES);
    if (error != 0)
        return fail(error);
    disk_changes(fd);
    int result = (int)syscall(SYS_fchmod, fd, mode);
    fault_done();
    return result;
}

int fsync(int fd)
{
    int error = fault_call_fd("fsync", fd, FAULT_CHANGES);
    if (error != 0)
        return fail(error);
    disk_synced(fd); /* nothing waits for a real disk: it is the model that loses what was not asked for */
    fault_done();
    return 0;
}

int fdatasync(int fd)
{
    return fsync(fd);
}

#include "mapping.h"

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

enum { WINDOW = 512 << 10 }; /* bytes; a whole number of pages on every machine */

void mapping_free(struct mapping *m)
{
    if (m->bytes.data != NULL)
        (void)munmap((void *)m->bytes.data, m->bytes.len);
    *m = (struct mapping){0};
}

static bool handle_map(struct mapping *out, int fd, const char *path, struct err *err)
{
    struct stat st;
    if (fstat(fd, &st) != 0)
        return err_errno(err, "%s", path);
    if (!S_ISREG(st.st_mode))
        return err_set(err, "%s: is no regular file", path);
    if (st.st_size == 0)
        return err_set(err, "%s: is empty", path);
    /* Shared, so that pages that are given back are read again, and not zero. */
    void *data = mmap(NULL, (size_t)st.st_size, PROT_READ, MAP_SHARED, fd, 0);
    if (data == MAP_FAILED)
        return err_errno(err, "%s: cannot be mapped", path);
    out->bytes = (struct der){data, (size_t)st.st_size};
    (void)madvise(data, (size_t)st.st_size, MADV_SEQUENTIAL);
    return true;
}

bool mapping_open(struct mapping *out, const char *path, struct err *err)
{
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
    if (fd < 0)
        return err_errno(err, "%s", path);
    bool ok = handle_map(out, fd, path, err);
    close(fd);
    return ok;
}

void mapping_pass(const struct mapping *m, const unsigned char *at, size_t *done)
{
    if (m == NULL)
        return;
    const size_t here = (size_t)(at - m->bytes.data);
    if (here < *done) /* a new pass */
        *done = 0;
    if (here - *done < 2 * (size_t)WINDOW)
        return;
    const size_t to = (here - WINDOW) / WINDOW * WINDOW;
    (void)madvise((void *)(m->bytes.data + *done), to - *done, MADV_DONTNEED);
    *done = to;
}

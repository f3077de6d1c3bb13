#include "fence.h"

#include "../ceremony/file.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/landlock.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

enum { LOWEST = 2 };

/* Newer than Debian 12's headers; the numbers are the kernel's for ever (linux/landlock.h). */
#define TRUNCATE (1ULL << 14)  /* from version 3 */
#define IOCTL_DEV (1ULL << 15) /* from version 5 */

#define READ (LANDLOCK_ACCESS_FS_READ_FILE | LANDLOCK_ACCESS_FS_READ_DIR)
#define WRITE                                                                                                \
    (READ | LANDLOCK_ACCESS_FS_WRITE_FILE | LANDLOCK_ACCESS_FS_MAKE_REG | LANDLOCK_ACCESS_FS_MAKE_DIR |      \
     LANDLOCK_ACCESS_FS_REMOVE_FILE | LANDLOCK_ACCESS_FS_REMOVE_DIR | LANDLOCK_ACCESS_FS_REFER | TRUNCATE)
#define DEVICE (LANDLOCK_ACCESS_FS_READ_FILE | LANDLOCK_ACCESS_FS_WRITE_FILE | IOCTL_DEV)
#define OF_FILES                                                                                             \
    (LANDLOCK_ACCESS_FS_EXECUTE | LANDLOCK_ACCESS_FS_READ_FILE | LANDLOCK_ACCESS_FS_WRITE_FILE | TRUNCATE |  \
     IOCTL_DEV)
/* What to remove a folder that was made takes, and no more. */
#define UNMAKE (LANDLOCK_ACCESS_FS_READ_DIR | LANDLOCK_ACCESS_FS_REMOVE_DIR)

/* A fence as it is put up: what it rules over, and whether all went well. */
struct rules {
    int fd;
    __u64 handled;
    bool good;
};

static void rules_free(struct rules *rules)
{
    if (rules->fd >= 0)
        close(rules->fd);
}

int fence_version(void)
{
    long version = syscall(SYS_landlock_create_ruleset, NULL, 0, LANDLOCK_CREATE_RULESET_VERSION);
    return version < LOWEST ? 0 : (int)version;
}

/* Everybody may read /dev/zero, and no reach but REACH_ALL has it. */
bool fence_stands(void)
{
    int fd = open("/dev/zero", O_RDONLY | O_CLOEXEC);
    if (fd >= 0)
        close(fd);
    return fd < 0 && errno == EACCES;
}

/* All that this version can refuse. */
static __u64 handled(int version)
{
    __u64 rights = (LANDLOCK_ACCESS_FS_REFER << 1) - 1;
    return rights | (version >= 3 ? TRUNCATE : 0) | (version >= 5 ? IOCTL_DEV : 0);
}

static void rules_add(struct rules *rules, const char *path, __u64 rights)
{
    struct stat st;
    int fd = open(path, O_PATH | O_CLOEXEC);
    if (fd < 0 || fstat(fd, &st) != 0) {
        if (fd >= 0)
            close(fd);
        return;
    }
    if (!S_ISDIR(st.st_mode))
        rights &= OF_FILES;
    const struct landlock_path_beneath_attr rule = {.allowed_access = rights & rules->handled,
                                                    .parent_fd = fd};
    /* EBADFD: not of a file system that has paths (a pipe), where nothing is refused. */
    if (syscall(SYS_landlock_add_rule, rules->fd, LANDLOCK_RULE_PATH_BENEATH, &rule, 0) != 0 &&
        errno != EBADFD)
        rules->good = false;
    close(fd);
}

static char *folder_of(const char *path)
{
    OWN(char) *bare = text_copy(path);
    for (size_t len = strlen(bare); len > 1 && bare[len - 1] == '/'; len--)
        bare[len - 1] = 0;
    size_t len = (size_t)(path_name(bare) - bare);
    return len == 0 ? text_copy(".") : text_format("%.*s", (int)len, bare);
}

/* ---- what the line names ---- */

static void fence_made(struct fence *fence, const char *path)
{
    size_t count = 0;
    while (fence->made != NULL && fence->made[count] != NULL)
        count++;
    char **longer = memory_new(count + 2, sizeof *longer);
    if (count > 0)
        memcpy(longer, fence->made, count * sizeof *longer);
    longer[count] = text_copy(path);
    free(fence->made);
    fence->made = longer;
}

/* A folder that cannot be made is told of by the command itself, when it comes to it. */
static void make(struct fence *fence, const char *path, mode_t mode)
{
    struct err ignored = {0};
    if (!file_exists(path) && folder_make(path, mode, &ignored))
        fence_made(fence, path);
}

static void make_missing(struct fence *fence, const char *path, enum reach reach)
{
    if (reach == REACH_PUBLIC)
        make(fence, path, 0755);
    else if (reach == REACH_PRIVATE)
        make(fence, path, 0700);
}

static void allow(struct rules *rules, const char *path, enum reach reach)
{
    OWN(char) *folder = folder_of(path);
    switch (reach) {
    case REACH_READ:
        rules_add(rules, path, READ);
        break;
    case REACH_FOLDER:
        rules_add(rules, folder, READ);
        break;
    case REACH_CHANGE:
    case REACH_PUBLIC:
    case REACH_PRIVATE:
        rules_add(rules, path, WRITE);
        break;
    case REACH_BESIDE:
        rules_add(rules, folder, WRITE);
        break;
    case REACH_ALL:
        rules_add(rules, "/", READ);
        break;
    case REACH_NOTHING:
        break;
    }
}

typedef void each(void *context, const char *path, enum reach reach);

/* Every word of the line with its reach; of NAME=FILE the file. */
static void line_walk(const struct arguments *arguments, enum reach operand_reach, each *visit, void *context)
{
    if (arguments->operand != NULL)
        visit(context, arguments->operand, operand_reach);
    for (size_t i = 0; arguments->parameters[i].name != NULL; i++) {
        const struct parameter *p = &arguments->parameters[i];
        bool pair = p->value != NULL && strchr(p->value, '=') != NULL;
        for (const char **value = arguments->values[i]; p->value != NULL && *value != NULL; value++)
            visit(context, pair ? strchr(*value, '=') + 1 : *value, p->reach);
    }
}

static void visit_missing(void *context, const char *path, enum reach reach)
{
    make_missing(context, path, reach);
}

static void visit_allow(void *context, const char *path, enum reach reach)
{
    allow(context, path, reach);
}

/* ---- the whole ---- */

static void allow_always(struct rules *rules)
{
    static const char *const read[] = {"/usr", "/proc", "/sys", "/proc/self/exe", "/run/utmp"};
    static const char *const devices[] = {"/dev/tty", "/dev/null", "/dev/urandom", "/dev/random"};
    for (size_t i = 0; i < sizeof read / sizeof *read; i++)
        rules_add(rules, read[i], READ);
    for (size_t i = 0; i < sizeof devices / sizeof *devices; i++)
        rules_add(rules, devices[i], DEVICE);
}

void fence_raise(struct fence *fence, const struct arguments *arguments, enum reach operand_reach)
{
    line_walk(arguments, operand_reach, visit_missing, fence);
    int version = fence_version();
    if (version == 0)
        return;
    const struct landlock_ruleset_attr attributes = {.handled_access_fs = handled(version)};
    __attribute__((cleanup(rules_free))) struct rules rules = {
        .fd = (int)syscall(SYS_landlock_create_ruleset, &attributes, sizeof attributes, 0),
        .handled = attributes.handled_access_fs,
        .good = true,
    };
    if (rules.fd < 0)
        return;
    allow_always(&rules);
    line_walk(arguments, operand_reach, visit_allow, &rules);
    for (size_t i = 0; fence->made != NULL && fence->made[i] != NULL; i++) {
        OWN(char) *folder = folder_of(fence->made[i]);
        rules_add(&rules, folder, UNMAKE);
    }
    if (rules.good && prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0)
        (void)syscall(SYS_landlock_restrict_self, rules.fd, 0);
}

void fence_free(struct fence *fence)
{
    size_t count = 0;
    while (fence->made != NULL && fence->made[count] != NULL)
        count++;
    while (count > 0) { /* the last one may lie in the first */
        (void)rmdir(fence->made[--count]);
        free(fence->made[count]);
    }
    free(fence->made);
    *fence = (struct fence){0};
}

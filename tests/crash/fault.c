#include "fault.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

enum how { NEVER, KILL, AFTER, SHORT, POWER, TORN, FAIL, FULL, PULLED };

static struct {
    char root[4096], log[4096], text[512];
    enum how how;
    int error; /* of FAIL */
    long at, count;
    bool all;     /* log every call */
    bool reached; /* the call that is being made is the one */
} fault;

static const struct {
    const char *name;
    enum how how;
    int error;
} hows[] = {
    {"kill", KILL, 0},      {"after", AFTER, 0},      {"short", SHORT, 0}, {"power", POWER, 0},
    {"torn", TORN, 0},      {"ENOSPC", FAIL, ENOSPC}, {"EIO", FAIL, EIO},  {"EINTR", FAIL, EINTR},
    {"full", FULL, ENOSPC}, {"pulled", PULLED, EIO},
};

static void take(char *out, size_t size, const char *variable)
{
    const char *value = getenv(variable);
    snprintf(out, size, "%s", value != NULL ? value : "");
}

__attribute__((constructor)) static void start(void)
{
    char how[16], kept[4096], *end;
    take(fault.root, sizeof fault.root, "FAULT_ROOT");
    take(fault.log, sizeof fault.log, "FAULT_LOG");
    take(how, sizeof how, "FAULT_HOW");
    take(fault.text, sizeof fault.text, "FAULT_AT");
    take(kept, sizeof kept, "FAULT_KEPT");
    fault.at = strtol(fault.text, &end, 10);
    fault.all = strcmp(fault.text, "0") == 0;
    if (*end == 0)
        fault.text[0] = 0;
    for (size_t i = 0; i < sizeof hows / sizeof *hows; i++) {
        if (strcmp(how, hows[i].name) == 0) {
            fault.how = hows[i].how;
            fault.error = hows[i].error;
        }
    }
    if (fault.how == POWER || fault.how == TORN)
        disk_start(kept);
}

static void note(const char *text, const char *name, const char *path)
{
    char line[4200];
    int len = snprintf(line, sizeof line, "%s %s %s\n", text, name, path);
    int fd = (int)syscall(SYS_openat, AT_FDCWD, fault.log, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0600);
    if (fd < 0 || syscall(SYS_write, fd, line, len) != len)
        abort();
    syscall(SYS_close, fd);
}

void fault_cut_off(void)
{
    if (fault.how == POWER || fault.how == TORN)
        disk_lose(fault.how == TORN ? (unsigned)fault.at : 0);
    syscall(SYS_kill, getpid(), SIGKILL);
    for (;;)
        pause();
}

static bool is_below(const char *path, const char *folder)
{
    size_t len = strlen(folder);
    return strncmp(path, folder, len) == 0 && (path[len] == '/' || path[len] == 0);
}

static void absolute(char out[8192], const char *path)
{
    char here[4000] = "";
    if (path[0] == '/')
        snprintf(out, 8192, "%s", path);
    else if (getcwd(here, sizeof here) != NULL)
        snprintf(out, 8192, "%s/%s", here, path);
}

/* Whether the call fails from here on, and not only once. */
static bool fails_on(const char *path, enum fault_kind kind)
{
    char record[4200];
    snprintf(record, sizeof record, "%s/record", fault.root);
    if (fault.at <= 0 || fault.count < fault.at || !is_below(path, record))
        return false;
    return fault.how == PULLED || (fault.how == FULL && kind == FAULT_ADDS);
}

static bool is_meant(const char *name, const char *path)
{
    char both[8400];
    snprintf(both, sizeof both, "%s %s", name, path);
    return fault.text[0] != 0 && strstr(both, fault.text) != NULL;
}

int fault_call(const char *name, const char *path, enum fault_kind kind)
{
    char full[8192] = "", number[24];
    fault.reached = false;
    if (fault.root[0] == 0)
        return 0;
    absolute(full, path);
    if (!is_below(full, fault.root)) {
        if (full[0] == '/' && strncmp(full, "/dev/", 5) != 0)
            note("outside", name, full);
        return 0;
    }
    fault.count++;
    if (fault.at == 0 && is_meant(name, full + strlen(fault.root) + 1))
        fault.at = fault.count;
    fault.reached = fault.count == fault.at;
    snprintf(number, sizeof number, "%ld", fault.count);
    if (fault.reached || fault.all)
        note(number, name, full + strlen(fault.root) + 1);
    if (fault.reached && (fault.how == KILL || fault.how == POWER || fault.how == TORN))
        fault_cut_off();
    if (fails_on(full, kind) || (fault.reached && fault.how == FAIL))
        return fault.error;
    return 0;
}

/* Terminals, pipes and the like have no path. */
int fault_call_fd(const char *name, int fd, enum fault_kind kind)
{
    char link[40], path[4096] = "";
    snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
    ssize_t len = readlink(link, path, sizeof path - 1);
    fault.reached = false;
    if (len <= 0 || path[0] != '/' || !is_below(path, fault.root))
        return 0;
    return fault_call(name, path, kind);
}

size_t fault_cut(size_t len)
{
    return fault.reached && fault.how == SHORT ? len / 2 : len;
}

void fault_done(void)
{
    if (fault.reached && (fault.how == AFTER || fault.how == SHORT))
        fault_cut_off();
    fault.reached = false;
}

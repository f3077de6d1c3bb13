/* What this process gave up, and what surrounds it: network, memory, core files. */
#include "doctor.h"
#include "fence.h"

#include "../ceremony/file.h"

#include <errno.h>
#include <net/if.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#define INTERFACES "/sys/class/net"

/* Whether an interface is up, by its flags (sysfs-class-net). */
static bool interface_is_up(const char *name)
{
    OWN(char) *path = text_format(INTERFACES "/%s/flags", name);
    OWN(FILE) *file = fopen(path, "re");
    unsigned flags = 0;
    return file != NULL && fscanf(file, "%x", &flags) == 1 && (flags & IFF_UP) != 0 &&
           (flags & IFF_LOOPBACK) == 0;
}

static void look_network(struct doctor *d)
{
    OWN_STRUCT(names) names = {0};
    OWN_STRUCT(bytes) up = {0};
    struct err err = {0};
    if (!folder_list(&names, INTERFACES, &err)) {
        doctor_row(d, STANDS_WARN, "network", "Mount /sys, or look for yourselves.",
                   "the interfaces cannot be listed: %s", err.text);
        return;
    }
    for (size_t i = 0; i < names.count; i++)
        if (interface_is_up(names.name[i]))
            bytes_format(&up, "%s%s", up.len > 0 ? ", " : "", names.name[i]);
    if (up.len == 0)
        doctor_row(d, STANDS_OK, "network", NULL, "no interface is up, but for the loopback");
    else
        doctor_row(d, STANDS_WARN, "network",
                   "Pull the cables, switch the radios off; `ip link set NAME down` for each.",
                   "interfaces that are up: %s", bytes_string(&up));
}

static void look_sockets(struct doctor *d)
{
    int fd = socket(AF_INET, SOCK_DGRAM, 0);
    bool refused = fd < 0 && errno == EACCES;
    if (fd >= 0)
        close(fd);
    if (refused)
        doctor_row(d, STANDS_OK, "sockets", NULL, "the kernel refuses this process every network socket");
    else
        doctor_row(d, STANDS_WARN, "sockets", "Use a kernel with seccomp filters (CONFIG_SECCOMP_FILTER).",
                   "this process could open a network socket");
}

static void look_fence(struct doctor *d)
{
    int version = fence_version();
    if (fence_stands())
        doctor_row(d, STANDS_OK, "fence", NULL,
                   "this process can touch the folders on its line only (Landlock, version %d)", version);
    else
        doctor_row(d, STANDS_WARN, "fence",
                   "Use Linux 5.19 or later with Landlock; the kernel's line may need lsm=landlock,...",
                   "the kernel does not hold this process to the folders on its line");
}

/* A figure in kB from /proc/self/status (proc(5)); -1 when it is not there. */
static long status_kb(const char *name)
{
    OWN(FILE) *file = fopen("/proc/self/status", "re");
    char line[256];
    while (file != NULL && fgets(line, sizeof line, file) != NULL)
        if (strncmp(line, name, strlen(name)) == 0 && line[strlen(name)] == ':')
            return strtol(line + strlen(name) + 1, NULL, 10);
    return -1;
}

static void look_memory(struct doctor *d)
{
    static const char remedy[] = "Raise the limit, `ulimit -l unlimited`, or turn swap off.";
    long locked = status_kb("VmLck"), resident = status_kb("VmRSS");
    if (locked > 0 && locked >= resident)
        doctor_row(d, STANDS_OK, "memory", NULL,
                   "all memory of this process is locked: nothing of it is swapped");
    else if (locked > 0)
        doctor_row(d, STANDS_OK, "memory", NULL,
                   "the memory that secrets are kept in is locked (%ld KiB), the rest is not", locked);
    else
        doctor_row(d, STANDS_WARN, "memory", remedy,
                   "no memory of this process is locked: secrets may reach swap");
}

static void look_swap(struct doctor *d)
{
    OWN(FILE) *file = fopen("/proc/swaps", "re");
    OWN_STRUCT(bytes) on = {0};
    char line[512], name[256];
    for (size_t number = 0; file != NULL && fgets(line, sizeof line, file) != NULL; number++)
        if (number > 0 && sscanf(line, "%255s", name) == 1)
            bytes_format(&on, "%s%s", on.len > 0 ? ", " : "", name);
    if (on.len == 0)
        doctor_row(d, STANDS_OK, "swap", NULL, "there is none");
    else
        doctor_row(d, STANDS_WARN, "swap", "Turn it off: `swapoff -a`.", "is on: %s", bytes_string(&on));
}

static void look_core(struct doctor *d)
{
    struct rlimit limit = {1, 1};
    bool none = getrlimit(RLIMIT_CORE, &limit) == 0 && limit.rlim_max == 0;
    if (none && prctl(PR_GET_DUMPABLE, 0, 0, 0, 0) == 0)
        doctor_row(d, STANDS_OK, "core", NULL,
                   "no core file is written, and no debugger of the same user can attach");
    else
        doctor_row(d, STANDS_FAIL, "core", "Do not use this machine.",
                   "a core file could be written of this process, secrets in it");
}

doctor_look *const doctor_process[] = {look_network, look_sockets, look_fence, look_memory,
                                       look_swap,    look_core,    NULL};

#include "harden.h"

#include "../ceremony/secret.h"

#include <errno.h>
#include <fcntl.h>
#include <seccomp.h>
#include <signal.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

/* A closed 0, 1 or 2 would be given to the next file that is opened, and messages written into it. */
static void keep_standard_streams(void)
{
    for (int fd = open("/dev/null", O_RDWR); fd >= 0; fd = open("/dev/null", O_RDWR))
        if (fd > STDERR_FILENO) {
            close(fd);
            return;
        }
}

static bool variable_stays(const char *variable)
{
    static const char *const stays[] = {"TERM=", "PATH=", "LANG=", "LC_"};
    for (size_t i = 0; i < sizeof stays / sizeof *stays; i++)
        if (strncmp(variable, stays[i], strlen(stays[i])) == 0)
            return true;
    return false;
}

/* Libraries read the environment (OPENSSL_CONF, GIT_*, XDG_*, LUA_*), and with it others could steer them. */
static void clear_environment(void)
{
    size_t kept = 0;
    for (char **variable = environ; variable != NULL && *variable != NULL; variable++)
        if (variable_stays(*variable))
            environ[kept++] = *variable;
    if (environ != NULL)
        environ[kept] = NULL;
    setenv("TZ", "UTC0", 1); /* or libraries read /etc/localtime */
}

/* OpenSSL keeps parts of a key outside of its secure heap (the primes, in RSA's Montgomery contexts). Under a
 * limit this would make allocations fail later on, so it is done only where none counts: with the limit at 0
 * the kernel lets none but the privileged lock (mlock(2)). */
static bool lock_memory(void)
{
    const int all = MCL_CURRENT | MCL_FUTURE | MCL_ONFAULT;
    struct rlimit limit;
    if (getrlimit(RLIMIT_MEMLOCK, &limit) != 0)
        return false;
    const struct rlimit unlimited = {RLIM_INFINITY, RLIM_INFINITY};
    const struct rlimit none = {0, limit.rlim_max};
    if (setrlimit(RLIMIT_MEMLOCK, &unlimited) == 0)
        return mlockall(all) == 0;
    bool privileged = setrlimit(RLIMIT_MEMLOCK, &none) == 0 && mlockall(all) == 0;
    return setrlimit(RLIMIT_MEMLOCK, &limit) == 0 && privileged;
}

/* io_uring would open sockets without the system call that is filtered. */
static bool refuse_network(void)
{
    scmp_filter_ctx filter = seccomp_init(SCMP_ACT_ALLOW);
    if (filter == NULL)
        return false;
    bool good = seccomp_rule_add(filter, SCMP_ACT_ERRNO(EACCES), SCMP_SYS(socket), 1,
                                 SCMP_A0_64(SCMP_CMP_NE, AF_UNIX, 0)) == 0 &&
                seccomp_rule_add(filter, SCMP_ACT_ERRNO(EACCES), SCMP_SYS(io_uring_setup), 0) == 0 &&
                seccomp_load(filter) == 0;
    seccomp_release(filter);
    return good;
}

struct hardening harden_process(void)
{
    struct hardening done = {0};
    const struct rlimit none = {0, 0};
    keep_standard_streams();
    clear_environment();
    umask(077);
    signal(SIGPIPE, SIG_IGN);
    setrlimit(RLIMIT_CORE, &none);
    prctl(PR_SET_DUMPABLE, 0, 0, 0, 0);
    prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
    done.memory_locked = lock_memory();
    (void)secret_start(); /* where not all can be locked, this at least may be */
    done.offline = refuse_network();
    return done;
}

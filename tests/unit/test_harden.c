/* harden.h: what the process gave up, seen from a child that did. */
#include "../../bootstrap/harden.h"
#include "stranger.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

static int no_core(void)
{
    struct rlimit limit;
    return getrlimit(RLIMIT_CORE, &limit) == 0 && limit.rlim_cur == 0 && limit.rlim_max == 0;
}

static int not_dumpable(void)
{
    return prctl(PR_GET_DUMPABLE, 0, 0, 0, 0) == 0 && prctl(PR_GET_NO_NEW_PRIVS, 0, 0, 0, 0) == 1;
}

static int private_files(void)
{
    return umask(0) == 077;
}

static int no_network(void)
{
    static const int families[] = {AF_INET, AF_INET6, AF_NETLINK, AF_PACKET};
    for (size_t i = 0; i < sizeof families / sizeof *families; i++)
        if (socket(families[i], SOCK_DGRAM, 0) != -1 || errno != EACCES)
            return 0;
    return socket(AF_UNIX, SOCK_STREAM, 0) >= 0;
}

static int clean_environment(void)
{
    static const char *const gone[] = {"OPENSSL_CONF",    "GIT_DIR", "LUA_INIT",
                                       "XDG_CONFIG_HOME", "HOME",    "LANGUAGE"};
    for (size_t i = 0; i < sizeof gone / sizeof *gone; i++)
        if (getenv(gone[i]) != NULL)
            return 0;
    return getenv("TERM") != NULL && getenv("PATH") != NULL && getenv("LC_ALL") != NULL;
}

static int standard_streams_open(void)
{
    return open("/dev/null", O_RDONLY) > STDERR_FILENO;
}

/* As /proc/self/status has it: memory in kB, capabilities in hex. 0 without. */
static unsigned long long process_figure(const char *name, int base)
{
    char line[256];
    unsigned long long figure = 0;
    OWN(FILE) *status = fopen("/proc/self/status", "re");
    while (status != NULL && fgets(line, sizeof line, status) != NULL)
        if (strncmp(line, name, strlen(name)) == 0)
            figure = strtoull(line + strlen(name), NULL, base);
    return figure;
}

/* What was there and what comes later; some pages of the kernel's own (vvar) cannot be locked. */
static int memory_locked(void)
{
    char *later = malloc(64u << 20);
    if (later == NULL)
        return 0;
    memset(later, 1, 64u << 20);
    unsigned long long locked = process_figure("VmLck:", 10), all = process_figure("VmSize:", 10);
    free(later);
    return locked > (64 << 10) && locked + 1024 > all;
}

static int memory_free(void)
{
    char *later = malloc(64u << 20);
    if (later == NULL)
        return 0;
    memset(later, 1, 64u << 20);
    free(later);
    return process_figure("VmLck:", 10) < (8 << 10);
}

/* Whether in a child that may lock `limit` bytes, and is an ordinary user if `ordinary`, harden_process says
 * `locked` of its memory and `holds` is so; true also where such a child cannot be had. */
static bool locked_under(rlim_t limit, bool ordinary, bool locked, int (*holds)(void))
{
    const struct rlimit both = {limit, limit};
    fflush(NULL);
    pid_t child = fork();
    if (child == 0) {
        if (setrlimit(RLIMIT_MEMLOCK, &both) != 0 || (ordinary && setuid(65534) != 0))
            _exit(77);
        _exit(harden_process().memory_locked == locked && holds() ? 0 : 1);
    }
    int status = -1;
    assert_int_equal(waitpid(child, &status, 0), child);
    return WIFEXITED(status) && (WEXITSTATUS(status) == 0 || WEXITSTATUS(status) == 77);
}

#ifdef __SANITIZE_ADDRESS__ /* makes mlockall do nothing */
#define CAN_LOCK false
#else
#define CAN_LOCK true
#endif

static void test_memory_privileged(void **state)
{
    (void)state;
    const unsigned ipc_lock = 14; /* capabilities(7); containers often withhold it */
    if (CAN_LOCK && (process_figure("CapEff:", 16) >> ipc_lock & 1) != 0)
        assert_true(locked_under(64u << 10, false, true, memory_locked));
}

/* A limit is no reason to lock, nor one to run out of memory. */
static void test_memory_limited(void **state)
{
    (void)state;
    if (!CAN_LOCK)
        return;
    assert_true(locked_under(0, geteuid() == 0, false, memory_free));
    assert_true(locked_under(8u << 20, geteuid() == 0, false, memory_free));
}

static void test_memory_unlimited(void **state)
{
    (void)state;
    if (CAN_LOCK)
        assert_true(locked_under(RLIM_INFINITY, geteuid() == 0, true, memory_locked));
}

/* Whether `holds` is so in a child after harden_process. */
static bool hardened(int (*holds)(void), bool close_streams)
{
    fflush(NULL);
    pid_t child = fork();
    if (child == 0) {
        if (close_streams)
            for (int fd = STDIN_FILENO; fd <= STDERR_FILENO; fd++)
                close(fd);
        struct hardening done = harden_process();
        _exit(done.offline && holds() ? 0 : 1);
    }
    int status = -1;
    assert_int_equal(waitpid(child, &status, 0), child);
    return WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

static void test_process(void **state)
{
    (void)state;
    assert_true(hardened(no_core, false));
    assert_true(hardened(not_dumpable, false));
    assert_true(hardened(private_files, false));
}

static void test_network(void **state)
{
    (void)state;
    assert_true(hardened(no_network, false));
}

static void test_environment(void **state)
{
    (void)state;
    setenv("OPENSSL_CONF", "/nonexistent", 1);
    setenv("GIT_DIR", "/nonexistent", 1);
    setenv("LUA_INIT", "error()", 1);
    setenv("XDG_CONFIG_HOME", "/nonexistent", 1);
    setenv("LANGUAGE", "tlh", 1);
    setenv("TERM", "dumb", 1);
    setenv("LC_ALL", "C", 1);
    assert_true(hardened(clean_environment, false));
}

static void test_streams(void **state)
{
    (void)state;
    assert_true(hardened(standard_streams_open, true));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_process),        cmocka_unit_test(test_memory_privileged),
        cmocka_unit_test(test_memory_limited), cmocka_unit_test(test_memory_unlimited),
        cmocka_unit_test(test_network),        cmocka_unit_test(test_environment),
        cmocka_unit_test(test_streams),
    };
    cmocka_set_message_output(CM_OUTPUT_TAP);
    return cmocka_run_group_tests(tests, NULL, NULL);
}

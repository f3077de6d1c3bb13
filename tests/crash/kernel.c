/* What the kernel would say, said otherwise: that it has no Landlock, and what time it is. */
#include <dlfcn.h>
#include <errno.h>
#include <stdarg.h>
#include <stdlib.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

typedef long any_call(long, ...);

static time_t ahead;

/* Read before main, which clears the environment. */
__attribute__((constructor)) static void start(void)
{
    const char *value = getenv("FAULT_CLOCK");
    ahead = value != NULL ? strtol(value, NULL, 10) : 0;
}

long syscall(long number, ...)
{
    long arg[6];
    va_list list;
    va_start(list, number);
    for (int i = 0; i < 6; i++)
        arg[i] = va_arg(list, long);
    va_end(list);
    if (number == SYS_landlock_create_ruleset) {
        errno = ENOSYS;
        return -1;
    }
    union {
        void *found;
        any_call *call;
    } real = {dlsym(RTLD_NEXT, "syscall")};
    return real.call(number, arg[0], arg[1], arg[2], arg[3], arg[4], arg[5]);
}

time_t time(time_t *out)
{
    struct timespec now = {0};
    syscall(SYS_clock_gettime, CLOCK_REALTIME, &now);
    if (out != NULL)
        *out = now.tv_sec + ahead;
    return now.tv_sec + ahead;
}

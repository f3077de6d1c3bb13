/* What a command costs: meter COMMAND... prints the milliseconds of the clock and of the processor, and the
 * most MiB of memory that one of its processes had. What it says goes nowhere. A command that fails ends this
 * too. */
#include <fcntl.h>
#include <spawn.h>
#include <stdio.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>

extern char **environ;

static double milliseconds(const struct timeval *time)
{
    return (double)time->tv_sec * 1e3 + (double)time->tv_usec / 1e3;
}

static double now(void)
{
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return (double)time.tv_sec * 1e3 + (double)time.tv_nsec / 1e6;
}

int main(int argc, char **argv)
{
    posix_spawn_file_actions_t quiet;
    struct rusage usage;
    pid_t pid;
    int status;
    if (argc < 2)
        return 2;
    posix_spawn_file_actions_init(&quiet);
    posix_spawn_file_actions_addopen(&quiet, 0, "/dev/null", O_RDONLY, 0);
    posix_spawn_file_actions_addopen(&quiet, 1, "/dev/null", O_WRONLY, 0);
    const double start = now();
    if (posix_spawnp(&pid, argv[1], &quiet, NULL, argv + 1, environ) != 0) {
        fprintf(stderr, "meter: %s cannot be started\n", argv[1]);
        return 1;
    }
    if (waitpid(pid, &status, 0) != pid || !WIFEXITED(status) || WEXITSTATUS(status) != 0) {
        fprintf(stderr, "meter: %s failed\n", argv[1]);
        return 1;
    }
    const double end = now();
    getrusage(RUSAGE_CHILDREN, &usage);
    printf("%.2f %.2f %.1f\n", end - start, milliseconds(&usage.ru_utime) + milliseconds(&usage.ru_stime),
           (double)usage.ru_maxrss / 1024);
    return 0;
}

#include "interrupt.h"

#include <signal.h>
#include <unistd.h>

/* Only what is async-signal-safe; SA_RESETHAND makes the second raise final. */
static void run_interrupted(int signal_number)
{
    static const char text[] = "\nverger run: interrupted; the same command resumes\n";
    ssize_t ignored = write(STDERR_FILENO, text, sizeof text - 1);
    (void)ignored;
    raise(signal_number);
}

static void rehearsal_interrupted(int signal_number)
{
    static const char text[] =
        "\nverger rehearse: interrupted; remove what remains, the record and the folder of throw-away keys "
        "(the "
        "record's\nname with .rehearsal behind it, or that of --keep), and begin anew\n";
    ssize_t ignored = write(STDERR_FILENO, text, sizeof text - 1);
    (void)ignored;
    raise(signal_number);
}

void interrupt_tell(enum walking walking)
{
    static const int signals[] = {SIGINT, SIGTERM, SIGHUP};
    for (size_t i = 0; i < sizeof signals / sizeof *signals; i++) {
        struct sigaction before = {0};
        struct sigaction action = {.sa_handler =
                                       walking == WALKING_RUN ? run_interrupted : rehearsal_interrupted,
                                   .sa_flags = (int)SA_RESETHAND};
        sigemptyset(&action.sa_mask);
        sigaction(signals[i], NULL, &before);
        if (before.sa_handler != SIG_IGN)
            sigaction(signals[i], &action, NULL);
    }
}

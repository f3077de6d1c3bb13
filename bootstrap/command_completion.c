#include "completion.h"

#include <string.h>

static int run(const struct arguments *arguments, struct err *err)
{
    static const struct {
        const char *name;
        completion_write *write;
    } shells[] = {{"bash", completion_bash}, {"zsh", completion_zsh}, {"fish", completion_fish}};
    OWN_STRUCT(bytes) out = {0};
    for (size_t i = 0; i < sizeof shells / sizeof *shells; i++) {
        if (strcmp(shells[i].name, arguments->operand) != 0)
            continue;
        shells[i].write(&out);
        return command_print(&out, true, err) ? EXIT_DONE : EXIT_FAILED;
    }
    err_set(err, "SHELL is bash, zsh or fish, not \"%s\"", arguments->operand);
    return EXIT_USAGE;
}

static const struct parameter parameters[] = {{0}};

const struct command command_completion = {
    .name = "completion",
    .does = "Print a script with which a shell completes verger's words.",
    .operand = "SHELL",
    .parameters = parameters,
    .more = "SHELL is bash, zsh or fish. `make install` puts all three where the shells look for them.",
    .example = "  verger completion bash >~/.local/share/bash-completion/completions/verger",
    .exits = "0 done; 1 failed; 2 usage.",
    .fenced = true,
    .reach = REACH_NOTHING,
    .run = run,
};

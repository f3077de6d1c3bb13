#include "command.h"
#include "fence.h"
#include "harden.h"
#include "message.h"

#include "../ceremony/digest.h"
#include "../ceremony/near.h"

#include <string.h>

/* One clear text on standard error: "verger run: ..."; after a mistake in usage, where to read on. */
static int complain(const char *who, int code, const struct err *err)
{
    const size_t len = strlen(err->text);
    const char *see = len > 0 && err->text[len - 1] == '?' ? " See " : "; see ";
    OWN(char) *text =
        code == EXIT_USAGE ? text_format("%s%s%s --help", err->text, see, who) : text_copy(err->text);
    if (err->text[0] != 0)
        message_show(who, text);
    return code;
}

static int show_help(struct err *err)
{
    OWN_STRUCT(bytes) out = {0};
    bytes_text(&out, "Walks a scripted key ceremony and keeps a record of it that can be checked.\n"
                     "usage: verger COMMAND ...      verger COMMAND --help      verger --version\n\n");
    for (size_t i = 0; commands[i] != NULL; i++)
        bytes_format(&out, "  %-10s %s\n", commands[i]->name, commands[i]->does);
    return command_print(&out, false, err) ? EXIT_DONE : EXIT_FAILED;
}

static int show_version(struct err *err)
{
    char binary[DIGEST_HEX];
    OWN_STRUCT(bytes) out = {0};
    if (!command_binary(binary, err))
        return EXIT_FAILED;
    bytes_format(&out, "verger " VERGER_VERSION "\nbinary SHA-256 %s\n", binary);
    return command_print(&out, false, err) ? EXIT_DONE : EXIT_FAILED;
}

static int unknown_command(const char *typed, struct err *err)
{
    size_t count = 0;
    while (commands[count] != NULL)
        count++;
    const char **names = memory_new(count + 1, sizeof *names);
    for (size_t i = 0; i < count; i++)
        names[i] = commands[i]->name;
    const char *meant = near_word(typed, names);
    free(names);
    if (meant != NULL)
        err_set(err, "there is no command \"%s\": did you mean %s?", typed, meant);
    else
        err_set(err, "there is no command \"%s\"", typed);
    return EXIT_USAGE;
}

static int run_command(const struct command *command, const struct hardening *hardening, int argc,
                       char **argv, struct err *err)
{
    OWN_STRUCT(arguments) arguments = {0};
    if (!arguments_parse(&arguments, command->parameters, command->operand, argc, argv, err))
        return EXIT_USAGE;
    if (!arguments.help && command->secrets && !hardening->memory_locked)
        message_show("verger",
                     "note: memory cannot be locked here (see `ulimit -l`): secrets may reach swap");
    if (!arguments.help) {
        OWN_STRUCT(fence) fence = {0};
        if (command->fenced)
            fence_raise(&fence, &arguments, command->reach);
        return command->run(&arguments, err);
    }
    OWN_STRUCT(bytes) help = {0};
    command_help(&help, command);
    return command_print(&help, false, err) ? EXIT_DONE : EXIT_FAILED;
}

int main(int argc, char **argv)
{
    struct err err = {0};
    struct hardening hardening = harden_process();
    if (argc < 2) {
        err_set(&err, "a command is missing");
        return complain("verger", EXIT_USAGE, &err);
    }
    if (strcmp(argv[1], "--help") == 0 || strcmp(argv[1], "-h") == 0)
        return complain("verger", show_help(&err), &err);
    if (strcmp(argv[1], "--version") == 0)
        return complain("verger", show_version(&err), &err);
    for (size_t i = 0; commands[i] != NULL; i++) {
        if (strcmp(argv[1], commands[i]->name) != 0)
            continue;
        OWN(char) *who = text_format("verger %s", commands[i]->name);
        return complain(who, run_command(commands[i], &hardening, argc - 1, argv + 1, &err), &err);
    }
    return complain("verger", unknown_command(argv[1], &err), &err);
}

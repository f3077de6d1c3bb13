#include "command.h"

#include "plain.h"

#include "../ceremony/digest.h"

#include <errno.h>
#include <unistd.h>

void command_help(struct bytes *out, const struct command *command)
{
    bytes_format(out, "usage: verger %s%s%s", command->name, command->operand != NULL ? " " : "",
                 command->operand != NULL ? command->operand : "");
    bool optional = false;
    for (const struct parameter *p = command->parameters; p->name != NULL; p++) {
        if (p->rest)
            bytes_format(out, " %s...", p->value);
        else if (p->required)
            bytes_format(out, " --%s %s", p->name, p->value);
        optional = optional || (!p->required && !p->rest);
    }
    bytes_format(out, "%s\n\n%s\n\n", optional ? " [options]" : "", command->does);
    arguments_help(out, command->parameters);
    if (command->more != NULL)
        bytes_format(out, "\n%s\n", command->more);
    bytes_format(out, "\nExample:\n%s\n\nExit: %s\n", command->example, command->exits);
}

bool command_print(const struct bytes *text, bool raw, struct err *err)
{
    OWN_STRUCT(bytes) plain = {0};
    if (!raw)
        plain_add(&plain, bytes_string(text));
    const struct bytes *shown = raw ? text : &plain;
    for (size_t done = 0; done < shown->len;) {
        ssize_t wrote = write(STDOUT_FILENO, shown->data + done, shown->len - done);
        if (wrote < 0 && errno == EINTR)
            continue;
        if (wrote < 0)
            return err_errno(err, "standard output cannot be written");
        done += (size_t)wrote;
    }
    return true;
}

bool command_print_json(const json_t *report, struct err *err)
{
    OWN_STRUCT(bytes) out = {0};
    if (!json_canonical(&out, report, err))
        return false;
    bytes_text(&out, "\n");
    return command_print(&out, true, err);
}

bool command_binary(char *hex, struct err *err)
{
    if (!digest_file(hex, "/proc/self/exe", err))
        return err_wrap(err, "the running program cannot be hashed; is /proc mounted?");
    return true;
}

#include "command.h"

#include "plain.h"
#include "wrap.h"

#include "../ceremony/digest.h"

#include <errno.h>
#include <unistd.h>

/* Paragraphs as people read them: lines joined, then broken again at 80 characters. What begins with spaces
 * is a line to be typed, and stays one. */
static void paragraphs_add(struct bytes *out, const char *text)
{
    OWN_STRUCT(bytes) joined = {0};
    bool typed = *text == ' ', blank = false;
    for (; *text != '\0'; text++) {
        bool ends = *text == '\n';
        bool goes_on = ends && !typed && !blank && text[1] != ' ' && text[1] != '\n' && text[1] != '\0';
        bytes_add(&joined, goes_on ? " " : text, 1);
        blank = ends && text[1] == '\n';
        if (ends)
            typed = text[1] == ' ';
    }
    wrap_add(out, bytes_string(&joined), 80);
}

void command_help(struct bytes *out, const struct command *command)
{
    OWN_STRUCT(bytes) usage = {0};
    bytes_format(&usage, "usage: verger %s%s%s", command->name, command->operand != NULL ? " " : "",
                 command->operand != NULL ? command->operand : "");
    bool optional = false;
    for (const struct parameter *p = command->parameters; p->name != NULL; p++) {
        if (p->rest)
            bytes_format(&usage, " %s...", p->value);
        else if (p->required)
            bytes_format(&usage, " --%s %s", p->name, p->value);
        optional = optional || (!p->required && !p->rest);
    }
    bytes_format(&usage, "%s\n\n%s\n\n", optional ? " [options]" : "", command->does);
    paragraphs_add(out, bytes_string(&usage));
    arguments_help(out, command->parameters);
    if (command->more != NULL) {
        bytes_text(out, "\n");
        paragraphs_add(out, command->more);
        bytes_text(out, "\n");
    }
    OWN(char) *exits = text_format("Exit: %s\n", command->exits);
    bytes_format(out, "\nExample:\n%s\n\n", command->example);
    paragraphs_add(out, exits);
}

bool command_print(const struct bytes *text, bool raw, struct err *err)
{
    OWN_STRUCT(bytes) plain = {0}, broken = {0};
    if (!raw) {
        wrap_add(&broken, bytes_string(text), wrap_columns(STDOUT_FILENO));
        plain_add(&plain, bytes_string(&broken));
    }
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

#include "completion.h"

#include <string.h>

/* ---- quoting ---- */

/* The first sentence of a help text, on one line: what stands beside a word that is offered. */
static char *brief(const char *help)
{
    OWN_STRUCT(bytes) out = {0};
    const size_t len = strcspn(help, ";:");
    for (size_t i = 0; i < len; i++)
        bytes_add(&out, help[i] == '\n' ? " " : help + i, 1);
    return text_copy(bytes_string(&out));
}

/* Between single quotes; `special` gets a backslash besides. */
static void quote(struct bytes *out, const char *text, const char *special, const char *apostrophe)
{
    for (; *text != '\0'; text++) {
        if (*text == '\'')
            bytes_text(out, apostrophe);
        else
            bytes_format(out, "%s%c", strchr(special, *text) != NULL ? "\\" : "", *text);
    }
}

static void quote_zsh(struct bytes *out, const char *text)
{
    quote(out, text, "[]:\\", "'\\''");
}

static void quote_fish(struct bytes *out, const char *text)
{
    quote(out, text, "\\", "\\'");
}

/* ---- what a value is ---- */

static bool is_folder(const char *value)
{
    return strcmp(value, "DIR") == 0 || strcmp(value, "RECORD") == 0 || strcmp(value, "AUTHORITY") == 0;
}

static bool is_path(const struct parameter *p)
{
    return p->value != NULL && p->reach != REACH_NOTHING;
}

/* Ids of rules are too many to be offered from a file that gets old. */
static bool takes_ids(const struct command *command)
{
    return command->operand != NULL && strcmp(command->operand, "ID") == 0;
}
#define IDS "verger explain all 2>/dev/null | cut -d \" \" -f 1"

/* ---- bash ---- */

/* Those options of a command that take a value of a kind, as a pattern of `case`. */
static void bash_values(struct bytes *out, const struct command *command, bool folder)
{
    bool any = false;
    for (const struct parameter *p = command->parameters; p->name != NULL; p++) {
        if (p->rest || !is_path(p) || is_folder(p->value) != folder)
            continue;
        bytes_format(out, "%s%s/--%s", any ? "|" : "    ", command->name, p->name);
        if (p->letter != 0)
            bytes_format(out, "|%s/-%c", command->name, p->letter);
        any = true;
    }
    if (any)
        bytes_format(out, ") mapfile -t COMPREPLY < <(compgen %s -- \"$word\") && return ;;\n",
                     folder ? "-d" : "-f");
}

static void bash_options(struct bytes *out, const struct command *command)
{
    bytes_format(out, "    %s) options=\"", command->name);
    for (const struct parameter *p = command->parameters; p->name != NULL; p++)
        if (!p->rest)
            bytes_format(out, "--%s ", p->name);
    bytes_text(out, "--help\" ;;\n");
}

static void bash_names(struct bytes *out)
{
    for (size_t i = 0; commands[i] != NULL; i++)
        bytes_format(out, "%s ", commands[i]->name);
    bytes_text(out, "--help --version");
}

void completion_bash(struct bytes *out)
{
    bytes_text(out, "# verger: words for bash. Made by `verger completion bash`.\n"
                    "_verger() {\n"
                    "    local word=${COMP_WORDS[COMP_CWORD]} before=${COMP_WORDS[COMP_CWORD - 1]} options=\n"
                    "    if [ \"$COMP_CWORD\" -eq 1 ]; then\n"
                    "        mapfile -t COMPREPLY < <(compgen -W \"");
    bash_names(out);
    bytes_text(out, "\" -- \"$word\")\n        return\n    fi\n    case ${COMP_WORDS[1]}/$before in\n");
    for (size_t i = 0; commands[i] != NULL; i++) {
        bash_values(out, commands[i], true);
        bash_values(out, commands[i], false);
    }
    bytes_text(out, "    esac\n    case ${COMP_WORDS[1]} in\n");
    for (size_t i = 0; commands[i] != NULL; i++)
        bash_options(out, commands[i]);
    bytes_text(out, "    esac\n"
                    "    case ${COMP_WORDS[1]}/$word in\n"
                    "    */-*) mapfile -t COMPREPLY < <(compgen -W \"$options\" -- \"$word\") ;;\n");
    for (size_t i = 0; commands[i] != NULL; i++)
        if (takes_ids(commands[i]))
            bytes_format(out,
                         "    %s/*) mapfile -t COMPREPLY < <(compgen -W \"$(" IDS ")\" -- \"$word\") ;;\n",
                         commands[i]->name);
    bytes_text(out, "    *) mapfile -t COMPREPLY < <(compgen -f -- \"$word\") ;;\n"
                    "    esac\n}\ncomplete -o filenames -F _verger verger\n");
}

/* ---- zsh ---- */

static const char *zsh_action(const struct parameter *p)
{
    return !is_path(p) ? " " : is_folder(p->value) ? "_files -/" : "_files";
}

static void zsh_option(struct bytes *out, const struct parameter *p, const char *spelt)
{
    OWN(char) *help = brief(p->help);
    bytes_format(out, " \\\n            '%s%s%s[", p->many ? "*" : "", spelt,
                 p->value != NULL && spelt[1] == '-' ? "=" : "");
    quote_zsh(out, help);
    bytes_text(out, "]");
    if (p->value != NULL) {
        bytes_text(out, ":");
        quote_zsh(out, p->value);
        bytes_format(out, ":%s", zsh_action(p));
    }
    bytes_text(out, "'");
}

static void zsh_command(struct bytes *out, const struct command *command)
{
    bytes_format(out, "    %s)\n        _arguments '--help[print its help]'", command->name);
    for (const struct parameter *p = command->parameters; p->name != NULL; p++) {
        OWN(char) *name = text_format("--%s", p->name);
        const char letter[] = {'-', p->letter, 0};
        if (p->rest)
            continue;
        zsh_option(out, p, name);
        if (p->letter != 0)
            zsh_option(out, p, letter);
    }
    if (takes_ids(command))
        bytes_text(out, " \\\n            '*:ID:{compadd ${(f)\"$(" IDS ")\"}}'");
    else if (command->operand != NULL)
        bytes_format(out, " \\\n            '*:%s:_files'", command->operand);
    bytes_text(out, "\n        ;;\n");
}

void completion_zsh(struct bytes *out)
{
    bytes_text(out, "#compdef verger\n# verger: words for zsh. Made by `verger completion zsh`.\n"
                    "_verger() {\n    local -a commands\n    commands=(\n");
    for (size_t i = 0; commands[i] != NULL; i++) {
        bytes_format(out, "        '%s:", commands[i]->name);
        quote_zsh(out, commands[i]->does);
        bytes_text(out, "'\n");
    }
    bytes_text(out,
               "    )\n    if (( CURRENT == 2 )); then\n        _describe command commands\n        return\n"
               "    fi\n    local command=$words[2]\n    shift words\n    (( CURRENT-- ))\n"
               "    case $command in\n");
    for (size_t i = 0; commands[i] != NULL; i++)
        zsh_command(out, commands[i]);
    bytes_text(out, "    esac\n}\n_verger \"$@\"\n");
}

/* ---- fish ---- */

static void fish_command(struct bytes *out, const struct command *command)
{
    static const char at[] = "complete -c verger -n '__fish_seen_subcommand_from";
    bytes_format(out, "complete -c verger -n __fish_use_subcommand -a %s -d '", command->name);
    quote_fish(out, command->does);
    bytes_text(out, "'\n");
    for (const struct parameter *p = command->parameters; p->name != NULL; p++) {
        OWN(char) *help = brief(p->help);
        if (p->rest)
            continue;
        bytes_format(out, "%s %s' -l %s", at, command->name, p->name);
        if (p->letter != 0)
            bytes_format(out, " -s %c", p->letter);
        bytes_format(out, "%s -d '", p->value == NULL ? "" : is_path(p) ? " -r -F" : " -x");
        quote_fish(out, help);
        bytes_text(out, "'\n");
    }
    if (takes_ids(command))
        bytes_format(out, "%s %s' -a '(" IDS ")'\n", at, command->name);
    else if (command->operand != NULL)
        bytes_format(out, "%s %s' -F\n", at, command->name);
}

void completion_fish(struct bytes *out)
{
    bytes_text(out, "# verger: words for fish. Made by `verger completion fish`.\ncomplete -c verger -f\n");
    for (size_t i = 0; commands[i] != NULL; i++)
        fish_command(out, commands[i]);
}

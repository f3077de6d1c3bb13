#include "command.h"

#include "../lua/walk.h"

static int run(const struct arguments *arguments, struct err *err)
{
    static const struct {
        const char *option;
        enum agenda_form form;
    } forms[] = {{"html", AGENDA_HTML}, {"md", AGENDA_MARKDOWN}, {"prompts", AGENDA_PROMPTS}};
    enum agenda_form form = AGENDA_TEXT;
    for (size_t i = 0; i < sizeof forms / sizeof *forms; i++) {
        if (!arguments_has(arguments, forms[i].option))
            continue;
        if (form != AGENDA_TEXT) {
            err_set(err, "--html, --md and --prompts exclude each other");
            return EXIT_USAGE;
        }
        form = forms[i].form;
    }
    OWN_STRUCT(bytes) out = {0};
    if (!agenda_print(&out, arguments->operand, form, err) || !command_print(&out, false, err))
        return EXIT_FAILED;
    return EXIT_DONE;
}

static const struct parameter parameters[] = {
    {.name = "html", .help = "as a page of HTML, to be printed"},
    {.name = "md", .help = "as Markdown"},
    {.name = "prompts", .help = "only the prompts: ids (the keys of an answers file) and questions"},
    {0},
};

const struct command command_agenda = {
    .name = "agenda",
    .does = "Print what a script will do, in sentences; do none of it.",
    .operand = "SCRIPT",
    .parameters = parameters,
    .example = "  verger agenda intermediate-ca.lua",
    .exits = "0 printed; 1 the script is wrong: line, word and remedy are named; 2 usage.",
    .fenced = true,
    .reach = REACH_FOLDER,
    .run = run,
};

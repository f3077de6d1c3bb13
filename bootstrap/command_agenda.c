#include "command.h"

#include "../ceremony/file.h"
#include "../lua/walk.h"

#include <string.h>
#include <sys/stat.h>

static const struct {
    const char *option, *ending;
    enum agenda_form form;
} forms[] = {
    {"html", ".html", AGENDA_HTML}, {"md", ".md", AGENDA_MARKDOWN}, {"prompts", NULL, AGENDA_PROMPTS}};

static bool ends_with(const char *text, const char *ending)
{
    size_t len = strlen(text), tail = strlen(ending);
    return len > tail && strcmp(text + len - tail, ending) == 0;
}

/* The form, by its option or by how the file's name ends. */
static bool form_find(enum agenda_form *out, const struct arguments *arguments, struct err *err)
{
    const char *file = arguments_value(arguments, "output");
    bool said = false;
    *out = AGENDA_TEXT;
    for (size_t i = 0; i < sizeof forms / sizeof *forms; i++) {
        if (!arguments_has(arguments, forms[i].option))
            continue;
        if (said)
            return err_set(err, "--html, --md and --prompts exclude each other");
        *out = forms[i].form;
        said = true;
    }
    for (size_t i = 0; !said && file != NULL && i < sizeof forms / sizeof *forms; i++)
        if (forms[i].ending != NULL && ends_with(file, forms[i].ending))
            *out = forms[i].form;
    return true;
}

/* A slip of the hand must not put the agenda in the script's place. */
static bool is_same(const char *file, const char *script)
{
    struct stat a, b;
    return stat(file, &a) == 0 && stat(script, &b) == 0 && a.st_dev == b.st_dev && a.st_ino == b.st_ino;
}

static bool say_written(const char *file, enum agenda_form form, struct err *err)
{
    OWN_STRUCT(bytes) said = {0};
    bytes_format(&said, "Made %s.%s\n", file,
                 form == AGENDA_HTML ? " Print it from a browser, and look at every page before the day."
                                     : "");
    return command_print(&said, false, err);
}

static int run(const struct arguments *arguments, struct err *err)
{
    const char *file = arguments_value(arguments, "output");
    enum agenda_form form;
    OWN_STRUCT(bytes) out = {0};
    if (!form_find(&form, arguments, err))
        return EXIT_USAGE;
    if (file != NULL && is_same(file, arguments->operand)) {
        err_set(err, "--output %s is the script itself; name another file", file);
        return EXIT_USAGE;
    }
    if (!agenda_print(&out, arguments->operand, form, err))
        return EXIT_FAILED;
    bool raw = form == AGENDA_HTML || form == AGENDA_MARKDOWN;
    bool written = file != NULL
                       ? file_replace(file, out.data, out.len, 0644, err) && say_written(file, form, err)
                       : command_print(&out, raw, err);
    return written ? EXIT_DONE : EXIT_FAILED;
}

static const struct parameter parameters[] = {
    {.name = "output",
     .letter = 'o',
     .value = "FILE",
     .help = "where it goes; else to standard output",
     .reach = REACH_BESIDE},
    {.name = "html",
     .help = "the booklet to print: people, materials, every step with\n"
             "boxes and blanks, forms; so does FILE.html"},
    {.name = "md", .help = "the booklet as Markdown; so does FILE.md"},
    {.name = "prompts", .help = "only the prompts: ids (the keys of an answers file) and questions"},
    {0},
};

const struct command command_agenda = {
    .name = "agenda",
    .does = "Print what a script will do, in sentences; do none of it.",
    .operand = "SCRIPT",
    .parameters = parameters,
    .more =
        "The booklet lies on the table on the day, a copy for everybody: specimens of signatures, what each\n"
        "station needs, a time budget, a mark at each point of no return, blanks for what is read aloud,\n"
        "exception sheets and custody forms, the script's SHA-256 and a number on every printed page.",
    .example = "  verger agenda intermediate-ca.lua --output booklet.html",
    .exits = "0 printed; 1 the script is wrong: line, word and remedy are named; 2 usage.",
    .fenced = true,
    .reach = REACH_FOLDER,
    .run = run,
};

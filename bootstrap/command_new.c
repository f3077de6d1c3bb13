#include "command.h"
#include "draft.h"
#include "terminal.h"

#include "../ceremony/file.h"
#include "../lua/walk.h"

#include <string.h>

#define KEEP "-"

/* What the line does not say is asked for where somebody can be asked; else it is as shipped. */
static bool name_take(struct draft *d, size_t name, const struct arguments *arguments,
                      const struct terminal *terminal, struct err *err)
{
    const char *given = arguments_value(arguments, draft_names[name].option);
    if (given != NULL)
        return draft_give(d, name, given, err);
    if (terminal->in < 0 || !draft_has(d, name))
        return true;
    enum reply reply = REPLY_GIVEN;
    OWN(char) *usual = draft_default(d, name);
    OWN(char) *question =
        draft_names[name].role != NULL
            ? text_format("%s (" KEEP " when that is said on the day)", draft_names[name].question)
            : text_format("%s (" KEEP " for %s)", draft_names[name].question, usual);
    OWN(char) *answer = NULL;
    return terminal_ask(terminal, question, &reply, &answer, err) &&
           (strcmp(answer, KEEP) == 0 || draft_give(d, name, answer, err));
}

static bool names_take(struct draft *d, const struct arguments *arguments, struct err *err)
{
    OWN_STRUCT(terminal) terminal = {0};
    terminal_open(&terminal, arguments_has(arguments, "unattended"));
    for (size_t i = 0; i < DRAFT_NAMES; i++)
        if (!name_take(d, i, arguments, &terminal, err))
            return false;
    return true;
}

/* Nothing is overwritten, and the script comes last: where it is, all is there. */
static bool files_write(const struct draft *d, const char *folder, struct err *err)
{
    for (size_t i = 0; i < d->count; i++) {
        OWN(char) *path = path_join(folder, d->file[i].name);
        if (file_exists(path))
            return err_set(err, "%s: is there already, and nothing is overwritten; name another --into",
                           path);
    }
    if (!folder_make(folder, 0755, err))
        return false;
    for (size_t i = d->count; i-- > 0;) {
        OWN(char) *path = path_join(folder, d->file[i].name);
        if (!file_create(path, d->file[i].text.data, d->file[i].text.len, 0644, err))
            return false;
    }
    return true;
}

static bool show(const struct draft *d, const char *script, struct err *err)
{
    OWN_STRUCT(bytes) out = {0};
    bytes_format(&out, "Wrote %s", script);
    for (size_t i = 1; i < d->count; i++)
        bytes_format(&out, "%s%s", i == 1 ? ", and beside it " : ", ", d->file[i].name);
    bytes_format(&out,
                 ".\nRead it, change what must be changed (verger-script(5)), and rehearse it:\n\n"
                 "    verger agenda %s\n    verger rehearse %s --record DIR\n",
                 script, script);
    return command_print(&out, false, err);
}

static int run(const struct arguments *arguments, struct err *err)
{
    const char *folder = arguments_value(arguments, "into");
    OWN_STRUCT(draft) draft = {0};
    OWN_STRUCT(bytes) agenda = {0};
    if (!draft_open(&draft, arguments->operand, err) || !names_take(&draft, arguments, err))
        return EXIT_FAILED;
    draft_fill(&draft);
    OWN(char) *script = path_join(folder, draft.file[0].name);
    if (!files_write(&draft, folder, err))
        return EXIT_FAILED;
    if (!agenda_print(&agenda, script, AGENDA_TEXT, err)) {
        (void)err_wrap(err, "%s was written, but something that you gave cannot stand in it", script);
        return EXIT_FAILED;
    }
    return show(&draft, script, err) ? EXIT_DONE : EXIT_FAILED;
}

static const struct parameter parameters[] = {
    {.name = "into",
     .value = "DIR",
     .reach = REACH_PUBLIC,
     .help = "a folder for script and templates; made when it is not there",
     .required = true},
    {.name = "organisation",
     .value = "TEXT",
     .reach = REACH_NOTHING,
     .help = "what the organisation is called"},
    {.name = "domain", .value = "TEXT", .reach = REACH_NOTHING, .help = "its domain, as in example.com"},
    {.name = "name", .value = "TEXT", .reach = REACH_NOTHING, .help = "what the authority is called"},
    {.name = "host",
     .value = "TEXT",
     .reach = REACH_NOTHING,
     .help = "where it is reached, as in ca.example.com"},
    {.name = "provisioner",
     .value = "TEXT",
     .reach = REACH_NOTHING,
     .help = "what its provisioner is called"},
    {.name = "crl",
     .value = "URL",
     .reach = REACH_NOTHING,
     .help = "where the root's revocation list is read"},
    {.name = "key", .value = "KIND", .reach = REACH_NOTHING, .help = "what kind of key is made, as in P-256"},
    {.name = "administrator",
     .value = "NAME",
     .reach = REACH_NOTHING,
     .help = "who fills the role; several with commas between.\nNot given: said on the day"},
    {.name = "operator", .value = "NAME", .reach = REACH_NOTHING, .help = "the same"},
    {.name = "witnesses", .value = "NAMES", .reach = REACH_NOTHING, .help = "the same"},
    {.name = "unattended", .help = "ask nobody: what is not given is as shipped"},
    {0},
};

const struct command command_new = {
    .name = "new",
    .does = "Write a script and its templates to begin with, for a ceremony.",
    .operand = "CEREMONY",
    .parameters = parameters,
    .more =
        "CEREMONY is one of those that come with verger, such as intermediate-ca; another word lists them.\n"
        "What is not given is asked for on the terminal, as far as the ceremony has it; where there is "
        "none,\n"
        "it is as shipped. What is written passes `verger agenda`, and can be rehearsed at once.",
    .example = "  verger new intermediate-ca --into my --organisation Acme --domain acme.example",
    .exits = "0 written; 1 failed; 2 usage.",
    .fenced = true,
    .reach = REACH_NOTHING,
    .run = run,
};

#include "command.h"
#include "passwords.h"
#include "plain.h"

#include "../ceremony/authority.h"
#include "../lua/template.h"

#include <limits.h>
#include <string.h>
#include <time.h>

/* What was found, and what it was found in. */
struct verdict {
    struct findings findings;
    char *home;         /* where ca.json says that the tree lies */
    const char *secret; /* the password's file, or NULL */
};

static void verdict_free(struct verdict *verdict)
{
    findings_free(&verdict->findings);
    free(verdict->home);
}

/* ---- the password ---- */

static bool only_authority(const char *const *arguments, struct err *err)
{
    for (; *arguments != NULL; arguments++)
        if (strncmp(*arguments, "authority=", strlen("authority=")) != 0)
            return err_set(err, "--password-file %s: only authority=FILE is used here", *arguments);
    return true;
}

/* Whoever copies the tree has the key and what opens it. */
static void place_check(struct verdict *verdict, const char *folder)
{
    char tree[PATH_MAX], file[PATH_MAX];
    if (verdict->secret == NULL || realpath(folder, tree) == NULL || realpath(verdict->secret, file) == NULL)
        return;
    size_t len = strlen(tree);
    if (strncmp(file, tree, len) == 0 && file[len] == '/')
        findings_add(
            &verdict->findings, SEVERITY_WARNING, "password_in_tree", file + len + 1, "BR 6.2.7",
            "the key's password lies in the same tree as the key: whoever copies the one has the other; keep "
            "it elsewhere");
}

/* ---- saying it ---- */

/* "step-ca TREE/config/ca.json --password-file FILE". */
static struct bytes start_command(const struct verdict *verdict)
{
    char real[PATH_MAX];
    struct bytes out = {0};
    OWN(char) *config = text_format("%s/" AUTHORITY_CONFIG, verdict->home);
    bytes_text(&out, "step-ca ");
    shell_word(&out, config);
    if (findings_have(&verdict->findings, "key_not_a_file"))
        return out;
    bytes_text(&out, " --password-file ");
    shell_word(&out, verdict->secret != NULL && realpath(verdict->secret, real) != NULL ? real : "FILE");
    return out;
}

static void count_add(struct bytes *out, size_t count, const char *noun)
{
    bytes_format(out, "%zu %s%s", count, noun, count == 1 ? "" : "s");
}

static void counts_add(struct bytes *out, const struct findings *findings)
{
    size_t warnings = 0;
    for (size_t i = 0; i < findings->count; i++)
        warnings += findings->list[i].severity == SEVERITY_WARNING;
    count_add(out, findings_errors(findings), "error");
    bytes_text(out, ", ");
    count_add(out, warnings, "warning");
    bytes_text(out, ", ");
    count_add(out, findings->count - findings_errors(findings) - warnings, "note");
}

static void show_text(struct bytes *out, const struct verdict *verdict)
{
    findings_text(out, &verdict->findings);
    bytes_text(out, verdict->findings.count > 0 ? "\n" : "");
    counts_add(out, &verdict->findings);
    if (findings_errors(&verdict->findings) > 0) {
        bytes_text(
            out, ": step-ca does not start on this tree, or does otherwise than its files say. Mend what is "
                 "named\nabove, and check it again.\n");
        return;
    }
    OWN_STRUCT(bytes) command = start_command(verdict);
    bytes_format(out, ": step-ca starts on this tree%s.\n\n    %s\n",
                 findings_have(&verdict->findings, "key_not_opened") ? ", if FILE holds the key's password"
                                                                     : "",
                 bytes_string(&command));
}

static bool show_json(struct bytes *out, const struct verdict *verdict, struct err *err)
{
    bool starts = findings_errors(&verdict->findings) == 0;
    OWN_STRUCT(bytes) command = start_command(verdict);
    OWN(json_t) *report = json_pack(
        "{s:s, s:b, s:o*, s:o}", "authority", verdict->home, "starts", (int)starts, "command",
        starts ? json_string(bytes_string(&command)) : NULL, "findings", findings_json(&verdict->findings));
    if (report == NULL)
        return err_set(err, "%s: is not UTF-8, and cannot stand in JSON", verdict->home);
    if (!json_canonical(out, report, err))
        return false;
    bytes_text(out, "\n");
    return true;
}

/* ---- the command ---- */

static bool check(struct verdict *verdict, const struct arguments *arguments, struct err *err)
{
    static const char *const anywhere[] = {NULL};
    OWN_STRUCT(passwords) passwords = {0};
    if (!passwords_read(&passwords, arguments_values(arguments, "password-file"), anywhere, err))
        return false;
    const struct password *password = passwords_find(&passwords, "authority");
    if (password != NULL)
        verdict->secret = strchr(arguments_value(arguments, "password-file"), '=') + 1;
    if (!authority_check_disk(&verdict->findings, &verdict->home, arguments->operand,
                              password != NULL ? password->secret : NULL, time(NULL), err) ||
        !template_check(&verdict->findings, arguments->operand, verdict->home, err))
        return false;
    place_check(verdict, arguments->operand);
    findings_sort(&verdict->findings);
    return true;
}

static int run(const struct arguments *arguments, struct err *err)
{
    OWN_STRUCT(verdict) verdict = {0};
    OWN_STRUCT(bytes) out = {0};
    bool json = arguments_has(arguments, "json");
    if (!only_authority(arguments_values(arguments, "password-file"), err))
        return EXIT_USAGE;
    if (!check(&verdict, arguments, err))
        return EXIT_FAILED;
    if (json && !show_json(&out, &verdict, err))
        return EXIT_FAILED;
    if (!json)
        show_text(&out, &verdict);
    if (!command_print(&out, json, err))
        return EXIT_FAILED;
    return findings_errors(&verdict.findings) == 0 ? EXIT_DONE : EXIT_FAILED;
}

static const struct parameter parameters[] = {
    {.name = "password-file",
     .value = "NAME=FILE",
     .help = "authority=FILE: the password of the key; without it\n"
             "the key is not opened"},
    {.name = "json", .help = "the findings as one line of canonical JSON"},
    {0},
};

const struct command command_check = {
    .name = "check",
    .does = "Judge a tree of step-ca's: what keeps it from starting or working.",
    .operand = "AUTHORITY",
    .parameters = parameters,
    .more = "AUTHORITY is the folder that holds config/ca.json. It is only read. An error is what step-ca "
            "does not "
            "start\n"
            "with, or does otherwise than the files say; a warning what it does, but not as people expect.",
    .example = "  verger check ~/.step --password-file authority=ca.password",
    .exits = "0 no error; 1 errors, or it cannot be read; 2 usage.",
    .secrets = true,
    .fenced = true,
    .reach = REACH_ALL,
    .run = run,
};

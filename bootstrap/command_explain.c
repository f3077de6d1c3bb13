#include "command.h"
#include "explain.h"

#include "../ceremony/near.h"

#include <string.h>

#define ALL "all"

static bool unknown(const char *id, struct err *err)
{
    OWN(json_t) *ids = explain_ids();
    const size_t count = json_array_size(ids);
    const char **names = memory_new(count + 1, sizeof *names);
    for (size_t i = 0; i < count; i++)
        names[i] = json_string_value(json_array_get(ids, i));
    const char *meant = near_word(id, names);
    if (meant != NULL)
        err_set(err, "no rule is called \"%s\"; is %s meant?", id, meant);
    else
        err_set(err, "no rule is called \"%s\"; `verger explain " ALL "` lists them", id);
    free(names);
    return false;
}

static bool one_add(struct bytes *out, json_t *list, const char *id, struct err *err)
{
    struct explanation e;
    if (!explain(&e, id))
        return unknown(id, err);
    bytes_text(out, out->len > 0 ? "\n" : "");
    explanation_text(out, id, &e);
    json_array_append_new(list, explanation_json(id, &e));
    return true;
}

/* A line each: too many to be read as a whole. */
static bool all_add(struct bytes *out, json_t *list, struct err *err)
{
    OWN(json_t) *ids = explain_ids();
    for (size_t i = 0; i < json_array_size(ids); i++) {
        const char *id = json_string_value(json_array_get(ids, i));
        struct explanation e;
        if (!explain(&e, id))
            return unknown(id, err);
        bytes_format(out, "%-30s %-9s %s\n", id, e.of, e.says != NULL ? e.says : e.why);
        json_array_append_new(list, explanation_json(id, &e));
    }
    return true;
}

static bool rules_add(struct bytes *out, json_t *list, const struct arguments *arguments, struct err *err)
{
    const char *const *more = arguments_values(arguments, "ID");
    if (strcmp(arguments->operand, ALL) == 0 && *more == NULL)
        return all_add(out, list, err);
    if (!one_add(out, list, arguments->operand, err))
        return false;
    for (; *more != NULL; more++)
        if (!one_add(out, list, *more, err))
            return false;
    return true;
}

static int run(const struct arguments *arguments, struct err *err)
{
    OWN_STRUCT(bytes) out = {0};
    OWN(json_t) *list = json_array();
    if (!rules_add(&out, list, arguments, err))
        return EXIT_FAILED;
    bool shown =
        arguments_has(arguments, "json") ? command_print_json(list, err) : command_print(&out, false, err);
    return shown ? EXIT_DONE : EXIT_FAILED;
}

static const struct parameter parameters[] = {
    {.name = "ID", .value = "ID", .help = "more of them", .many = true, .rest = true, .reach = REACH_NOTHING},
    {.name = "json", .help = "as one line of canonical JSON, a list"},
    {0},
};

const struct command command_explain = {
    .name = "explain",
    .does = "Say why a rule is there, where it is from, and what to do.",
    .operand = "ID",
    .parameters = parameters,
    .more = "Every id that a command prints is known: of `verify`, `lint`, `check` and `template`, `doctor`, "
            "the\n"
            "controls of `report`, and the exceptions of a page. `verger explain " ALL "` lists them, a line "
            "each.",
    .example = "  verger explain seal.signature key_usage_crl_sign\n  verger explain " ALL " | grep doctor",
    .exits = "0 it is known; 1 it is not; 2 usage.",
    .fenced = true,
    .reach = REACH_NOTHING,
    .run = run,
};

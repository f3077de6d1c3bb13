#include "arguments.h"

#include "wrap.h"

#include "../ceremony/near.h"

#include <getopt.h>
#include <string.h>

/* What getopt_long gives back for the options themselves: behind every character. */
enum { OPERAND = 1, FIRST_OPTION = 1000 };

typedef struct option option;
OWN_DEFINE(option, free);
typedef const char *names;
OWN_DEFINE(names, free);

static size_t parameters_count(const struct parameter *parameters)
{
    size_t count = 0;
    while (parameters[count].name != NULL)
        count++;
    return count;
}

void arguments_free(struct arguments *a)
{
    size_t count = a->values != NULL ? parameters_count(a->parameters) : 0;
    for (size_t i = 0; i < count; i++)
        free(a->values[i]);
    free(a->values);
    *a = (struct arguments){0};
}

/* The table that getopt_long wants. The caller frees. */
static struct option *getopt_table(const struct parameter *parameters)
{
    size_t count = parameters_count(parameters);
    struct option *table = memory_new(count + 2, sizeof *table);
    struct option *next = table;
    for (size_t i = 0; i < count; i++) {
        if (parameters[i].rest)
            continue;
        next->name = parameters[i].name;
        next->has_arg = parameters[i].value != NULL ? required_argument : no_argument;
        next++->val = FIRST_OPTION + (int)i;
    }
    next->name = "help";
    next->val = 'h';
    return table;
}

/* What getopt_long takes of short options: "-:h", and the letters of the table. The caller frees. */
static char *letters_of(const struct parameter *parameters)
{
    OWN_STRUCT(bytes) letters = {0};
    bytes_text(&letters, "-:h");
    for (const struct parameter *p = parameters; p->name != NULL; p++)
        if (p->letter != 0)
            bytes_format(&letters, "%c%s", p->letter, p->value != NULL ? ":" : "");
    return text_copy(bytes_string(&letters));
}

/* The index of the parameter that getopt_long found, by its name or its letter. */
static int found_index(const struct parameter *parameters, int found)
{
    if (found >= FIRST_OPTION)
        return found - FIRST_OPTION;
    int i = 0;
    while (parameters[i].letter != found)
        i++;
    return i;
}

static void values_add(const char ***values, const char *value)
{
    size_t count = 0;
    while ((*values)[count] != NULL)
        count++;
    const char **longer = memory_new(count + 2, sizeof *longer);
    memcpy(longer, *values, count * sizeof *longer);
    longer[count] = value;
    free(*values);
    *values = longer;
}

static bool take_option(struct arguments *a, size_t i, const char *value, struct err *err)
{
    const struct parameter *p = &a->parameters[i];
    if (a->values[i][0] != NULL && !p->many)
        return err_set(err, "--%s was given twice", p->name);
    if (value != NULL && *value == '\0')
        return err_set(err, "%s%s needs a %s, not an empty word", p->rest ? "" : "--", p->name, p->value);
    if (value != NULL && strchr(p->value, '=') != NULL) {
        const char *equals = strchr(value, '=');
        if (equals == NULL || equals == value || equals[1] == '\0')
            return err_set(err, "--%s needs %s, not \"%s\"", p->name, p->value, value);
    }
    values_add(&a->values[i], value != NULL ? value : "");
    return true;
}

/* A word that is no option: the operand, or one more value of the option `open` (-1: none). */
static bool take_word(struct arguments *a, const char *operand, int open, const char *word, struct err *err)
{
    if (operand == NULL)
        return err_set(err, "\"%s\" is one word too many", word);
    if (a->operand == NULL) {
        a->operand = word;
        return true;
    }
    if (open >= 0)
        return take_option(a, (size_t)open, word, err);
    return err_set(err, "\"%s\" is one word too many: %s is \"%s\"", word, operand, a->operand);
}

/* The parameter that takes what is left; -1 when there is none. */
static int rest_find(const struct parameter *parameters)
{
    for (int i = 0; parameters[i].name != NULL; i++)
        if (parameters[i].rest)
            return i;
    return -1;
}

static bool unknown_option(const struct parameter *parameters, const char *typed, struct err *err)
{
    const char *name = typed + strspn(typed, "-");
    OWN(char) *word = text_format("%.*s", (int)strcspn(name, "="), name);
    OWN(names) *known = memory_new(parameters_count(parameters) + 1, sizeof *known);
    size_t count = 0;
    for (const struct parameter *p = parameters; p->name != NULL; p++) {
        if (p->rest)
            continue;
        if (strcmp(p->name, word) == 0)
            return err_set(err, "--%s takes no value", word);
        known[count++] = p->name;
    }
    const char *meant = near_word(word, known);
    if (meant == NULL)
        return err_set(err, "there is no option \"%s\"", typed);
    return err_set(err, "there is no option \"%s\": did you mean --%s?", typed, meant);
}

static bool read_line(struct arguments *a, const struct option *table, const char *operand, int argc,
                      char **argv, struct err *err)
{
    const int rest = rest_find(a->parameters);
    OWN(char) *letters = letters_of(a->parameters);
    int open = rest;
    optind = 0; /* glibc: start afresh */
    opterr = 0;
    for (int found; (found = getopt_long(argc, argv, letters, table, NULL)) != -1;) {
        if (found == 'h') {
            a->help = true;
            return true;
        }
        if (found == ':')
            return err_set(err, "%s needs a value", argv[optind - 1]);
        if (found == '?')
            return unknown_option(a->parameters, argv[optind - 1], err);
        if (found == OPERAND) {
            if (!take_word(a, operand, open, optarg, err))
                return false;
            continue;
        }
        int i = found_index(a->parameters, found);
        open = a->parameters[i].many ? i : rest;
        if (!take_option(a, (size_t)i, optarg, err))
            return false;
    }
    for (int i = optind; i < argc; i++)
        if (!take_word(a, operand, rest, argv[i], err))
            return false;
    return true;
}

bool arguments_parse(struct arguments *out, const struct parameter *parameters, const char *operand, int argc,
                     char **argv, struct err *err)
{
    OWN_STRUCT(arguments) a = {.parameters = parameters};
    OWN(option) *table = getopt_table(parameters);
    size_t count = parameters_count(parameters);
    a.values = memory_new(count + 1, sizeof *a.values);
    for (size_t i = 0; i < count; i++)
        a.values[i] = memory_new(1, sizeof *a.values[i]);
    if (!read_line(&a, table, operand, argc, argv, err))
        return false;
    if (!a.help) {
        if (operand != NULL && a.operand == NULL)
            return err_set(err, "%s is missing", operand);
        for (size_t i = 0; i < count; i++)
            if (parameters[i].required && a.values[i][0] == NULL)
                return err_set(err, "--%s %s is missing", parameters[i].name, parameters[i].value);
    }
    *out = a;
    a = (struct arguments){0};
    return true;
}

const char *const *arguments_values(const struct arguments *a, const char *name)
{
    for (size_t i = 0; a->parameters[i].name != NULL; i++)
        if (strcmp(a->parameters[i].name, name) == 0)
            return (const char *const *)a->values[i];
    abort();
}

const char *arguments_value(const struct arguments *a, const char *name)
{
    return arguments_values(a, name)[0];
}

bool arguments_has(const struct arguments *a, const char *name)
{
    return arguments_value(a, name) != NULL;
}

enum { HELP_COLUMN = 29, HELP_COLUMNS = 80 };

/* The help beside its option, in a column of its own. */
static void help_line(struct bytes *out, const char *left, const char *help)
{
    OWN_STRUCT(bytes) line = {0}, broken = {0};
    bytes_format(&line, "%*s", HELP_COLUMN, "");
    for (; *help != '\0'; help++)
        bytes_add(&line, *help == '\n' ? " " : help, 1);
    wrap_add(&broken, bytes_string(&line), HELP_COLUMNS);
    bytes_format(out, "%-*s", HELP_COLUMN, left);
    if (strlen(left) >= HELP_COLUMN)
        bytes_format(out, "\n%*s", HELP_COLUMN, "");
    bytes_format(out, "%s\n", bytes_string(&broken) + HELP_COLUMN);
}

void arguments_help(struct bytes *out, const struct parameter *parameters)
{
    for (const struct parameter *p = parameters; p->name != NULL; p++) {
        const char letter[] = {'-', p->letter, ',', ' ', 0};
        OWN(char) *named = text_format("  %s--%s%s%s", p->letter != 0 ? letter : "", p->name,
                                       p->value != NULL ? " " : "", p->value != NULL ? p->value : "");
        OWN(char) *rest = text_format("  %s...", p->value != NULL ? p->value : "");
        help_line(out, p->rest ? rest : named, p->help);
    }
    help_line(out, "  --help", "print this");
}

/* arguments.h - a command's line, read by a table that also prints its --help.
 *
 * Long options as GNU has them: `--name VALUE`, `--name=VALUE`, unique abbreviations, `--` ends them. Every
 * option may stand anywhere. Strings are borrowed from argv.
 */
#ifndef VERGER_ARGUMENTS_H
#define VERGER_ARGUMENTS_H

#include "../ceremony/bytes.h"

/* What a command may do at the path that it is given (fence.h). */
enum reach {
    REACH_READ,    /* read it, and all below it; a word that is no path gives nothing */
    REACH_NOTHING, /* it is no path */
    REACH_FOLDER,  /* read the folder that it lies in, and all below that: a script and its templates */
    REACH_CHANGE,  /* change all below it */
    REACH_PUBLIC,  /* change all below it; made when it is not there, 0755 */
    REACH_PRIVATE, /* the same, 0700 */
    REACH_BESIDE,  /* change all below the folder that it lies in: what must be new */
    REACH_ALL,     /* read everything: its content names paths */
};

struct parameter {
    const char *name; /* without dashes */
    const char
        *value; /* what the value is called: "DIR"; "NAME=FILE" must have both sides; NULL: none is taken */
    const char *help; /* what it is for; it is broken into lines where it is shown */
    bool required;
    bool many; /* may be repeated, and takes every word behind it once the operand was given */
    bool
        rest; /* takes every word behind the operand, and has no other way to be given; at most one, `many` */
    char letter;      /* a short name as well, -o; 0: none */
    enum reach reach; /* of each value; of NAME=FILE the file's */
};

struct arguments {
    const struct parameter *parameters; /* ends with {0} */
    const char ***values;               /* one list for each parameter; each ends with NULL */
    const char *operand;                /* NULL where there is none */
    bool help;                          /* asked for: nothing else was checked */
};
void arguments_free(struct arguments *a);

/* Read what stands behind the command. `operand` is the name of the one word that the command needs besides
 * options
 * ("SCRIPT"), or NULL. Errors are one line about what was typed, the nearest known option among it. */
MUST_CHECK bool arguments_parse(struct arguments *out, const struct parameter *parameters,
                                const char *operand, int argc, char **argv, struct err *err);

/* All values of a parameter in the order of the line; ends with NULL. Naming one that the table lacks aborts.
 */
const char *const *arguments_values(const struct arguments *a, const char *name);
/* The first value, NULL when it was not given ("" when it takes none). */
const char *arguments_value(const struct arguments *a, const char *name);
bool arguments_has(const struct arguments *a, const char *name);

/* The options as --help shows them. */
void arguments_help(struct bytes *out, const struct parameter *parameters);

#endif

/* draft.h - a shipped ceremony with other names put in: what `verger new` writes.
 *
 * The shipped scripts and their templates are written for a made-up organisation; each of its names is known
 * here by the text that stands in them. A draft is those texts with what people gave in their place, each
 * replaced once: what is put in is not looked at again.
 */
#ifndef VERGER_DRAFT_H
#define VERGER_DRAFT_H

#include "../ceremony/bytes.h"

struct draft_name {
    const char *option, *question;
    const char *literal; /* as it stands in the files */
    const char *other;   /* stands for the same; or NULL */
    const char *role;    /* of people: who fills it; or NULL */
};
/* In the order in which they are asked for, the organisation's and the domain first: the others follow from
 * them. Ends with {0}. */
extern const struct draft_name draft_names[];
enum { DRAFT_NAMES = 10 };

struct draft_file {
    const char *name; /* static */
    struct bytes text;
};
struct draft {
    struct draft_file file[8]; /* the script first, then the templates that it names */
    size_t count;
    char *value[DRAFT_NAMES]; /* what was given for each; NULL: nothing yet */
};
void draft_free(struct draft *d);

/* The files of a shipped ceremony, by its name without .lua; an unknown one is an error that lists them. */
MUST_CHECK bool draft_open(struct draft *out, const char *ceremony, struct err *err);

/* Whether a name stands in the files, so that it is worth asking for. */
bool draft_has(const struct draft *d, size_t name);

/* What it will be when nothing is given: as shipped, but with the organisation and the domain that were
 * given. Of a role, as many people as shipped, who say their names on the day. The caller frees. */
char *draft_default(const struct draft *d, size_t name);

/* Give one; of a role the names of all who fill it, with commas between. Refused: what cannot stand in
 * quotes, in a script or in JSON, and what is no person's name (options.lua). */
MUST_CHECK bool draft_give(struct draft *d, size_t name, const char *value, struct err *err);

/* Put all names in; those that were not given are the defaults. */
void draft_fill(struct draft *d);

#endif

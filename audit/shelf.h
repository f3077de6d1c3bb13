/* shelf.h - what the pages of a record made, as verification puts it side by side: each output with its
 * content and, for certificates and requests, what the content itself says. For verify_artefacts.c.
 */
#ifndef VERGER_SHELF_H
#define VERGER_SHELF_H

#include "trial.h"

struct artefact {
    const json_t *output;        /* borrowed from its page */
    const struct bytes *content; /* the member; NULL when the page holds none */
    size_t page;
    X509 *certificate;     /* of a certificate that could be read; else NULL */
    char spki[DIGEST_HEX]; /* as the content says; else as the output says; "" when neither does */
};
struct shelf {
    struct artefact *artefact; /* oldest first */
    size_t count;
};
void shelf_free(struct shelf *s);

/* Put an output there. False when its content is missing, has another hash, cannot be read, or is not what
 * the output says of it; it stands there all the same. */
MUST_CHECK bool shelf_put(struct shelf *s, const struct sheet *sheet, size_t page, const json_t *output,
                          struct err *err);

const char *artefact_text(const struct artefact *a, const char *member); /* "" when absent */
bool artefact_is(const struct artefact *a, const char *kind);
/* A certificate whose subject and issuer are one. */
bool artefact_is_root(const struct artefact *a);

/* The newest of that name, or NULL. */
const struct artefact *shelf_find(const struct shelf *s, const char *name);

/* verify_register.c: what page `at` tells of all that its station's keys signed. All that it made is on the
 * shelf. */
void register_checks(struct trial *t, const struct shelf *shelf, size_t at);
/* verify_constraints.c: certificates that are to say a policy. */
void trial_constraints(struct trial *t, const struct shelf *shelf);

#endif

/* passwords.h - secrets that come from files instead of fingers: --password-file NAME=FILE. */
#ifndef VERGER_PASSWORDS_H
#define VERGER_PASSWORDS_H

#include "../ceremony/secret.h"

/* One secret, and the file it came from. */
struct password {
    char *name; /* `seal`, `authority`, `provisioner`, or an artefact's name in the script */
    char *path;
    struct secret *secret;
};
struct passwords {
    struct password *list;
    size_t count;
};
void passwords_free(struct passwords *p);

/* Read every "NAME=FILE" of `arguments` (ends with NULL) as secret_read does, before anything is done.
 * Refused: a NAME twice, and a file that lies in or below one of `public` (folders; ends with NULL, a missing
 * one is skipped): what is carried or copied from there would carry the secret. */
MUST_CHECK bool passwords_read(struct passwords *out, const char *const *arguments, const char *const *public,
                               struct err *err);

/* The names in order, ended with NULL. They are borrowed; the caller frees the list. */
const char **passwords_names(const struct passwords *p);

/* The one of that name, or NULL. Borrowed. */
const struct password *passwords_find(const struct passwords *p, const char *name);

#endif

/* jsonedit.h - change one member of a JSON text and leave every other byte alone.
 *
 * The text must be one object that json_read accepts. `path` is members separated by '.', and an array
 * element by its index ("authority.provisioners.0.options"). Members compare case-sensitively; a member that
 * differs only in case from the one asked for is an error (step-ca would take it for the same). */
#ifndef VERGER_JSONEDIT_H
#define VERGER_JSONEDIT_H

#include "json.h"

/* Set or add the member. A new member goes to the end of its object; objects missing on the way are made.
 * Layout follows the text's own: its indent unit and newline, or compact when it has none. The value is
 * written as Go writes it. Setting an equal value (json_equal) changes no byte. */
MUST_CHECK bool jsonedit_set(struct bytes *text, const char *path, const json_t *value, const char *what,
                             struct err *err);

/* The value at the path, or NULL when it is absent. Caller decrefs. */
MUST_CHECK bool jsonedit_get(json_t **out, const struct bytes *text, const char *path, const char *what,
                             struct err *err);

#endif

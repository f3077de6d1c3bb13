/* members.h - objects in a template's JSON, found by name as Go's encoding/json finds them: letter case does
 * not count, null is absent. Strictly, an unknown member and two that differ only in case are errors;
 * `as_step` ignores the first and takes the last. */
#ifndef VERGER_MEMBERS_H
#define VERGER_MEMBERS_H

#include "bytes.h"

#include <jansson.h>

/* `values[i]` becomes the member named `names[i]` (ends with NULL), borrowed, or NULL. `place` begins
 * messages. */
MUST_CHECK bool members_find(const json_t **values, const char *const *names, const json_t *object,
                             bool as_step, const char *place, struct err *err);

/* "multi": a string or an array of strings. NULL has none. */
MUST_CHECK bool multi_check(const json_t *value, const char *place, struct err *err);
size_t multi_count(const json_t *value);
const char *multi_get(const json_t *value, size_t n);

/* One typed value; NULL gives "" or false. */
MUST_CHECK bool member_string(const char **out, const json_t *value, const char *place, struct err *err);
MUST_CHECK bool member_bool(bool *out, const json_t *value, const char *place, struct err *err);

#endif

/* json.h - JSON three ways: read strictly, written canonically, written as Go writes it. */
#ifndef VERGER_JSON_H
#define VERGER_JSON_H

#include "bytes.h"

#include <jansson.h>

OWN_DEFINE(json_t, json_decref);

/* Read one JSON value (RFC 8259): valid UTF-8, no duplicate keys, nothing behind it. An error names `what`,
 * line and column, and calls a trailing comma by its name; it quotes nothing, for values may be secret.
 * \u0000, a byte order mark and integers beyond 64 bits are refused too. Caller decrefs. */
MUST_CHECK bool json_read(json_t **out, const struct bytes *text, const char *what, struct err *err);

/* Exactly what `jq -cS .` prints, without the final newline: keys sorted, no white space, U+007F and
 * controls as \u00xx in lower case, other UTF-8 raw. Integers up to 2^53 and no reals, at most 127 deep (what
 * jq keeps): anything else is an error. The three writers append to `out`. */
MUST_CHECK bool json_canonical(struct bytes *out, const json_t *value, struct err *err);

/* As Go's json.MarshalIndent(v, "", "\t"): members in insertion order, < > & and U+2028/9 escaped, reals in
 * the shortest form, empty containers as [] and {}. No final newline. */
void json_go(struct bytes *out, const json_t *value);
/* As Go's json.Marshal: the same without white space. */
void json_go_compact(struct bytes *out, const json_t *value);

/* Whether Go's encoding/json takes key `a` for field `b`: letter case does not count (nor do U+017F for s and
 * U+212A for k). step-ca reads its configuration so. */
bool json_key_folds(const char *a, const char *b);

/* A string member of an object, or an error that names it. Borrowed. */
MUST_CHECK bool json_member_string(const char **out, const json_t *object, const char *member,
                                   const char *what, struct err *err);

/* A string member, "" when it is absent or no string. Borrowed. */
const char *json_text(const json_t *object, const char *member);

#endif

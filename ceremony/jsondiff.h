/* jsondiff.h - what differs between two JSON values, member by member. */
#ifndef VERGER_JSONDIFF_H
#define VERGER_JSONDIFF_H

#include "json.h"

/* An array of {"path", "before", "after"}: "before" is absent where something was added, "after" where it was
 * removed. Nothing differs: an empty array. The order of an object's members does not count, that of an
 * array's elements does. A path is written as JavaScript would, "authority.provisioners[0].name"; the whole
 * value is "". An index counts in the array as it is after the change, that of a removed element in the array
 * before it.
 *
 * Elements are the same ones where they are equal, or are objects with the same "id", "name" or "serial", or
 * objects without any of these in the same place; then what differs in them is said, not that one went and
 * another came.
 *
 * Numbers that canonical JSON does not have (reals, integers beyond 2^53) stand there as strings.
 *
 * What a configuration must not show (passwords, PINs, tokens, private parts of a JWK: RFC 7518 section 6)
 * stands there as "(not shown)"; that it differs is said all the same. Caller decrefs. */
json_t *json_difference(const json_t *before, const json_t *after);

#endif

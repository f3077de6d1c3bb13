/* schema.h - every key that step-ca reads from a ca.json, where it stands and what it holds (facts: step-ca
 * section 9). step-ca ignores any other key without a word, and takes keys in any letter case. */
#ifndef VERGER_SCHEMA_H
#define VERGER_SCHEMA_H

#include "authority.h"

/* What places in findings begin with. */
#define CONFIG_PLACE AUTHORITY_CONFIG ": "

/* Keys unknown, misspelt, mis-cased, given twice or in the wrong object; values of the wrong type; durations
 * that Go cannot read; secrets and private keys, which a public file must not hold (they are not quoted). */
void schema_check(struct findings *out, const json_t *config);

/* The member that step-ca would take for `key`: the exact one, or the one that differs in letter case; NULL
 * when it is absent or null. Borrowed. */
const json_t *schema_member(const json_t *object, const char *key);
/* Its text; "" when it is absent or no string. Borrowed. */
const char *schema_text(const json_t *object, const char *key);
/* Whether it is true. */
bool schema_true(const json_t *object, const char *key);

/* step-ca's name of a provisioner type ("JWK") in whatever letter case it was given; NULL: not known. */
const char *schema_provisioner_type(const char *type);

#endif

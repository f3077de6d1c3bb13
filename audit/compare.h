/* compare.h - a live authority against the one that a record tells of. */
#ifndef VERGER_COMPARE_H
#define VERGER_COMPARE_H

#include "inventory.h"

/* {"authority", "station", "identical", "entries": [{"path" (in the authority), "kind", "status", ...}]}, the
 * other members as in inventory_difference. "status": "identical"; "changed"; "missing" (the record has it);
 * "extra" (the record does not know it); "by design" (a key that is at its place, step-ca's database: both in
 * no record, and never looked into). "identical" is false when anything is changed, missing or extra. The
 * mode of the authority's folder itself is not compared: people make it. */
MUST_CHECK bool compare_authority(json_t **report, const struct inventory *recorded, const char *station,
                                  const char *authority, struct err *err);

/* Appended: the same for people; what is not identical first. */
void compare_text(struct bytes *out, const json_t *report);

#endif

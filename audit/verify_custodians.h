/* verify_custodians.h - whether a key that the plan gives to custodians was opened by enough of them. */
#ifndef VERGER_VERIFY_CUSTODIANS_H
#define VERGER_VERIFY_CUSTODIANS_H

#include "../ceremony/json.h"

/* Whether custodians are concerned in a step of the plan, or in what its page used. */
bool custodians_concern(const json_t *step, const json_t *inputs);

/* Each key that the step unlocks by custodians is among the page's inputs, opened_by {needed, custodians}: as
 * many as the plan needs (all of them where it names no number), each of them once, and each of `people`'s
 * (page 0) custodians; and no other input says so of itself. */
MUST_CHECK bool custodians_check(const json_t *step, const json_t *inputs, const json_t *people,
                                 struct err *err);

#endif

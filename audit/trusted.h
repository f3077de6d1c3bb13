/* trusted.h - a record that was verified before anything is done with it. Runs no Lua. */
#ifndef VERGER_TRUSTED_H
#define VERGER_TRUSTED_H

#include "record.h"
#include "verify.h"

struct trusted {
    struct record *record;
    json_t *report; /* verify_record's */
    enum verdict verdict;
};
void trusted_free(struct trusted *t);

/* Verify, then open what was verified: pages that changed in between are noticed. Refused: a record that does
 * not hold, with the first failed check; one that is only consistent is opened, and whoever opens it says so
 * (trusted_text). */
MUST_CHECK bool trusted_open(struct trusted *out, const struct verify_options *options, struct err *err);

/* Appended, for people: what the record is worth, that it is a rehearsal's, and where it stops. */
void trusted_text(struct bytes *out, const struct trusted *t);

/* The verdict's word, as verification reports it. Borrowed. */
const char *trusted_verdict(const struct trusted *t);

#endif

/* recordparts.h - an open record from inside, for record.c, staged.c, commit.c and recover.c alone.
 *
 *   .staging/NNNNNN-slug.tar, .staging/NNNNNN-slug.tar.STATION.p7s   a page on its way in
 *   .staging/NNNNNN/<name>                                          what record_stage keeps for page NNNNNN
 *   .staging/NNNNNN/.<SHA-256>.<name>                               the same on its way
 *   .staging/<file>                                                 a file on its way to signers/
 *   .staging/ledger.git                                             a ledger that is written anew
 * It is there from the first staging until a page has done all its moves, so that what is found on start
 * tells a cut-off commit from a finished one.
 */
#ifndef VERGER_RECORDPARTS_H
#define VERGER_RECORDPARTS_H

#include "chain.h"
#include "lock.h"
#include "record.h"

struct record {
    char *folder;
    struct chain chain;
    char *orphan; /* name of a seal whose page is not there yet, or NULL */
    struct lock lock;
};

#define RECORD_STAGING ".staging"

char *record_path(const struct record *record, const char *name);         /* the caller frees */
char *record_staging_path(const struct record *record, const char *name); /* the same */
char *seal_name(const char *page_name, const char *label);                /* the same */
/* What a station's seals of the page that comes next are called by. Borrowed. */
const char *record_label(const struct record *record, const struct station *station);
MUST_CHECK bool record_staging_make(const struct record *record, struct err *err);

/* "000003-slug.tar" / "000003-slug.tar.ca.p7s": the length of the page's name in front, 0 when it is neither.
 */
size_t page_name_length(const char *name);
bool seal_label(char label[61], const char *name);

/* Put a staged page and its seal into place: from here on the step is done. `*placed` tells whether the page
 * is there, also on failure. */
MUST_CHECK bool record_place(bool *placed, const struct record *record, const char *page_name,
                             const struct station *station, struct err *err);

/* What record_stage was cut off at for the next page: kept if it is whole, else removed. */
MUST_CHECK bool record_staged_recover(const struct record *record, struct err *err);

#endif

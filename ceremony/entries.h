/* entries.h - where the entries of a revocation list come from: another list, or a text with a serial number
 * in each line. They are read one behind the other in the order of their serial numbers and never kept: what
 * stands in that order already takes no memory, other things 16 bytes an entry while they are sorted. */
#ifndef VERGER_ENTRIES_H
#define VERGER_ENTRIES_H

#include "mapping.h"
#include "revoked.h"

#include <stdint.h>

struct entries {
    struct der data;               /* borrowed */
    const struct mapping *mapping; /* that it is part of; NULL: it is in memory */
    const char *what;              /* borrowed; begins messages */
    bool text;
    time_t date;         /* of a line that has none */
    struct place *order; /* owned; NULL: as they stand */
    size_t count;
    size_t length;        /* of all of them in DER */
    struct revoked_last { /* the one that is dated last */
        time_t date;
        char serial[REVOKED_MAX];
    } last;
};
void entries_free(struct entries *e);

/* The content of revokedCertificates, each entry looked at; errors: one that is none, or a serial number
 * that is there twice. */
MUST_CHECK bool entries_list(struct entries *out, struct der content, const struct mapping *mapping,
                             const char *what, struct err *err);

/* Text as revoked_line has it, a line an entry; errors name the line. */
MUST_CHECK bool entries_text(struct entries *out, struct der text, const struct mapping *mapping,
                             const char *what, time_t date, struct err *err);

/* One after the other, in the order of the serial numbers. */
struct cursor {
    const struct entries *of;
    size_t at, done;
    struct revoked now; /* as long as the cursor stays there; of a list it has no date and no reason */
    unsigned char room[REVOKED_MAX];
};
void cursor_start(struct cursor *c, const struct entries *of); /* in front of the first */
bool cursor_next(struct cursor *c);                            /* false: that was the last */

/* Several at once, also without date and reason. A serial number that two of them have is an error of
 * merge_next. */
enum { MERGE_MOST = 3 };
struct merge {
    struct cursor from[MERGE_MOST];
    bool open[MERGE_MOST];
    size_t count, last; /* last: which one the newest came from */
};
void merge_start(struct merge *m, const struct entries *const of[], size_t count);
/* The next of all, NULL past the last one; as long as until the next call. */
MUST_CHECK bool merge_next(const struct revoked **out, struct merge *m, struct err *err);

#endif

/* revoked.h - an entry of a revocation list (RFC 5280 5.1.2.6): read as it stands, written, or said in a line
 * of text. Nothing here takes memory: lists may have a million of them. */
#ifndef VERGER_REVOKED_H
#define VERGER_REVOKED_H

#include "der.h"

#include <time.h>

#define REVOKED_MAX 64 /* bytes of an entry that is made here */

/* Borrowed from the list that it stands in, or from the buffer that it was made in. */
struct revoked {
    struct der serial; /* the INTEGER's content */
    time_t date;
    int reason;       /* 5.3.1; -1: none, or one that cannot be read */
    struct der whole; /* the entry, to the last byte */
};

/* Take the entry that `rest` begins with off it. False: it is none (SEQUENCE of a positive serial number of
 * at most 21 bytes, a time in UTC with seconds, and perhaps extensions); `rest` is untouched then. */
MUST_CHECK bool revoked_take(struct revoked *out, struct der *rest);

/* The same without a look at its date and reason, which are unset: for one that revoked_take has taken
 * before. */
MUST_CHECK bool revoked_pass(struct revoked *out, struct der *rest);

/* Below 0, 0 or above: by value, as both are positive and in the fewest bytes. */
int revoked_compare(struct der a, struct der b);

/* Make one in `room`. A reason of 0 ("unspecified") is said by silence (5.3.1). Errors: a serial that is not
 * hex of either case, is zero or too long; a reason that does not exist, or not in a full list. */
MUST_CHECK bool revoked_make(struct revoked *out, unsigned char room[REVOKED_MAX], const char *serial,
                             time_t date, int reason, struct err *err);

/* One line, without its end: "SERIAL [DATE [REASON]]", separated by blanks: hex, RFC 3339 in UTC, one of
 * revoked_reason's names. Without a date it gets `date`. `there` is false for an empty line, and for one that
 * begins with '#'. */
MUST_CHECK bool revoked_line(struct revoked *out, bool *there, unsigned char room[REVOKED_MAX],
                             struct der line, time_t date, struct err *err);

/* "keyCompromise" ... (5.3.1). certificateHold and removeFromCRL are known and refused: a CA certificate is
 * not held (BR 7.2.2), and what is taken off again is for delta lists. */
MUST_CHECK bool revoked_reason(int *out, const char *name, struct err *err);
const char *revoked_reason_name(int reason); /* "" for what has none, and for -1 */

/* A time as a list has it, UTCTime through 2049 (5.1.2.4): tag, length and content, at most 17 bytes. */
size_t revoked_time_write(unsigned char *to, time_t time);
/* Take one off `rest`: in UTC with seconds, as RFC 5280 wants it. */
MUST_CHECK bool revoked_time_take(time_t *out, struct der *rest);

/* Lower-case hex of a serial number's content; `hex` has room for 2 * len + 1. */
void revoked_serial_hex(char *hex, struct der serial);

#endif

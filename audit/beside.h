/* beside.h - what is put beside the pages of a record when they are closed: seals of witnesses, timestamps.
 *
 * By way of the record's staging, so that it is there whole or not at all; never over another. The record is
 * open to go on with (locked), and no step is under way in it.
 */
#ifndef VERGER_BESIDE_H
#define VERGER_BESIDE_H

#include "record.h"

/* `name` is a path in the record's folder; a folder in front of it is made. */
MUST_CHECK bool beside_put(const struct record *record, const char *name, const struct bytes *data,
                           struct err *err);

/* Remove what a call that was cut off left in the staging. */
MUST_CHECK bool beside_recover(const struct record *record, struct err *err);

/* The bytes of a page, as they were when the record was opened. */
MUST_CHECK bool beside_page(struct bytes *out, const struct record *record, unsigned number, struct err *err);

#endif

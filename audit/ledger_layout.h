/* ledger_layout.h - the files of ledger.git around its objects: HEAD, config, refs/heads/main (no libgit2 in
 * here). For ledger.c only; everybody else uses ledger.h.
 */
#ifndef VERGER_LEDGER_LAYOUT_H
#define VERGER_LEDGER_LAYOUT_H

#include "ledger.h"

/* What an object is called in objects/ until it is whole. */
#define LEDGER_TEMPORARY "object.new"

/* Remove what a crash left half written: objects and references under their temporary names. */
MUST_CHECK bool leftovers_remove(const char *repository, struct err *err);

/* The id that main holds, "" when there is none yet. */
MUST_CHECK bool reference_read(char id[LEDGER_ID], const char *repository, struct err *err);

/* Move main from `parent` ("" for none) to `id`; success if it is there already; anything else is refused. By
 * hand, because libgit2 would read the repository's config for it, and leave a lock behind a crash. The
 * station's lock (home.h) keeps a second writer out. */
MUST_CHECK bool reference_move(const char *repository, const char *parent, const char *id, struct err *err);

#endif

/* history.h - who changed what in the configuration, when, in which step, and why: told from the pages, whose
 * commits are the ledger's. */
#ifndef VERGER_HISTORY_H
#define VERGER_HISTORY_H

#include "record.h"

/* One object for each page that changed something or records an exception: {"page", "title", "station",
 * "started", "finished", "people" [{"role", "name"}], "commit" (id, or null), "author" (of the commit, or
 * null), "said" [what the script has people say], "planned" [the sentences of its other words],
 * "exceptions" [deviations as the page has them], "changes" [inventory_difference]}. Caller decrefs. */
MUST_CHECK bool history_of(json_t **out, const struct record *record, struct err *err);

/* Appended: the same for people. */
void history_text(struct bytes *out, const json_t *history);

#endif

/* moves.h - what a committed page does to its station's authority: folders, public files, keys from staging.
 *
 * <authority>/.verger-staging/ (0700) holds the keys that the page brings, and "page", which names the page
 * they belong to ("<sha256>  <name>\n"). It is made before the page goes into place and removed when all is
 * moved. So where it is, something may be undone; and where its page is not, the step never was.
 */
#ifndef VERGER_MOVES_H
#define VERGER_MOVES_H

#include "record.h"

bool moves_any(const struct page_read *page); /* whether the page touches an authority at all */

/* Everything that could go wrong with the moves, asked before the page is sealed for good. */
MUST_CHECK bool moves_ready(const struct page_read *page, const struct station *station, struct err *err);
MUST_CHECK bool moves_announce(const struct page_read *page, const struct station *station, struct err *err);
MUST_CHECK bool moves_withdraw(const struct station *station,
                               struct err *err); /* take the announcement back */

/* Do them, each only where it is not done yet, then remove the staging. */
MUST_CHECK bool moves_make(const struct page_read *page, const struct station *station, struct err *err);

/* The digest of the page that is announced; "" when none is. */
MUST_CHECK bool moves_announced(char sha256[DIGEST_HEX], const struct station *station, struct err *err);
MUST_CHECK bool moves_forget(const struct station *station, struct err *err); /* remove the staging */
bool moves_staged(const struct station *station);                             /* whether there is a staging */

#endif

/* api_list.h - the table that says what a revocation list is to be, as host.crl and host.remake take it:
 *
 *   {issuer, key, number, begins, ends[, before, entries, entries_name, scope]}
 *
 * `before` is the list before, as DER, whose entries are kept; `entries` is text as revoked.h has it.
 */
#ifndef VERGER_API_LIST_H
#define VERGER_API_LIST_H

#include "../ceremony/crl.h"
#include "api.h"

/* Borrowed from the table. */
struct list_given {
    struct bytes issuer, before, entries;
    const char *begins, *ends, *scope, *entries_name;
    const struct key *key; /* NULL: none */
    lua_Integer number;
};
/* The table is the only argument. */
struct list_given list_given_at(lua_State *L);

/* A draft, and what it borrows; what was given must outlive it. */
struct list_draft {
    struct crl_draft draft;
    X509 *issuer;
    struct crl_view before;
};
void list_draft_free(struct list_draft *d);
MUST_CHECK bool list_draft_make(struct list_draft *out, const struct list_given *given, struct err *err);

#endif

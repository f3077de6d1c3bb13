/* chain.h - the pages of a record, one behind the other, as they bind each other. Nothing here touches a
 * disk.
 *
 * A page continues a chain when it is parsed, has the next number and the same ceremony and people, names the
 * page before, which is no closing page, does not begin before that one was finished, keeps to one side of
 * rehearsal and record, moves the ledger on from where it was, and is sealed by its own station and by all
 * that it says must seal it. The witnesses that it wants may still be missing, but then nothing is built upon
 * it: what may follow are pages that revoke a signer, and the witness whom such a page enrols may seal the
 * page that waits; or a closing page with a deviation that says so (witness.h).
 */
#ifndef VERGER_CHAIN_H
#define VERGER_CHAIN_H

#include "roster.h"

/* A seal, as it lies beside its page: NNNNNN-slug.tar.<label>.p7s. */
struct seal_file {
    char label[61];
    struct bytes data;
};
struct seal_files {
    struct seal_file *file;
    size_t count;
};
void seal_files_free(struct seal_files *s);
void seal_files_add(struct seal_files *s, const char *label, const struct bytes *data); /* copies */

struct chain {
    struct page_read *page;
    size_t count;
    struct roster roster;
    struct ledger_tree tree;
    char ledger[LEDGER_ID];  /* head; "" before page 0 */
    char head[DIGEST_HEX];   /* SHA-256 of the newest .tar; zeros before page 0 */
    time_t finished;         /* of the newest page; 0 before page 0 */
    unsigned walked;         /* the newest page that is not one that revokes a signer */
    struct seal_files seals; /* beside that page */
    unsigned waits;          /* for how many witnesses' seals it waits (witness.h) */
};
void chain_free(struct chain *c);
void chain_start(struct chain *c); /* no page yet */

/* A page that continues the chain, and what the chain is after it. */
struct link {
    struct page_read page;
    struct roster roster;
    struct ledger_tree tree;
    char ledger[LEDGER_ID];
    struct seal_files seals;
    unsigned waits;
};
void link_free(struct link *l);

MUST_CHECK bool chain_judge(struct link *out, const struct chain *chain, const struct bytes *tar,
                            const char *name, const struct seal_files *seals, struct err *err);
/* Whether everybody who sealed the newest pages is enrolled by now: asked when no page comes any more. */
MUST_CHECK bool chain_end_check(const struct chain *chain, struct err *err);
/* A witness's seal, which was judged, is put beside page `number`. */
void chain_seal_add(struct chain *chain, unsigned number, const char *label, const struct bytes *p7s);
/* Take a judged link over; `link` is empty afterwards. */
void chain_push(struct chain *chain, struct link *link);

/* What ledger_check wants: each commit with its tree, oldest first. */
struct expected {
    struct ledger_expected *commit;
    size_t count;
};
void expected_free(struct expected *e);
MUST_CHECK bool chain_expected(struct expected *out, const struct chain *chain, struct err *err);

#endif

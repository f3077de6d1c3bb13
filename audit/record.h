/* record.h - the record's folder: pages in order, their seals, signers/, ledger.git; and how a page gets in.
 *
 *   record/NNNNNN-slug.tar, NNNNNN-slug.tar.STATION.p7s, NNNNNN-slug.tar.WITNESS.p7s (witness.h),
 *   ledger.git/, signers/, times/ (timestamp.h), and while a step is under way .staging/ (public only).
 * A page is the commit point (DESIGN section 5): staging, fsync, seal renamed into place, then the page, then
 * files to the authority, then the ledger, then staging removed. Every part after the page's rename is redone
 * from the page if it was cut off.
 */
#ifndef VERGER_RECORD_H
#define VERGER_RECORD_H

#include "home.h"
#include "page.h"
#include "roster.h"

struct record; /* an open record; owned by whoever opened it */
void record_free(struct record *record);
static inline void own_record(struct record **r)
{
    record_free(*r);
}
#define OWN_RECORD __attribute__((cleanup(own_record))) struct record

/* Open an existing record to read it, or with `create` to go on with it: then an empty or missing folder is a
 * new one (0755), and it is locked until record_free; a second verger is refused. A folder
 * that holds anything else is refused and named. Pages are read, parsed, chained and numbered without gap,
 * their seals checked against page 0's enrolled certificates; the ledger's tree is replayed in memory.
 * ledger.git itself is looked at by record_recover and by verification. A seal of the page that would be next
 * may be without it. */
MUST_CHECK bool record_open(struct record **out, const char *folder, bool create, struct err *err);

unsigned record_count(const struct record *record); /* pages, page 0 included */
const struct page_read *record_page(const struct record *record, unsigned number);
const char *
record_head(const struct record *record); /* SHA-256 hex of the newest .tar; digest_zero when none */
time_t record_finished(const struct record *record); /* of the newest page; 0 when none */
unsigned
record_walked(const struct record *record); /* the newest page that is not one that revokes a signer */
unsigned record_waits(const struct record *record); /* witnesses' seals that this one lacks */
const char *record_folder(const struct record *record);
const struct ledger_tree *record_tree(const struct record *record);
const char *record_ledger_head(const struct record *record); /* commit id, or NULL */

/* The newest output called `name` over all pages ({"name","kind",...} borrowed), the page that made it in
 * *number. NULL when there is none. */
const json_t *record_output(const struct record *record, const char *name, unsigned *number);

/* Before page 0: the enrolled certificates (PEM) in order; the seal's own must be among them. They go to
 * signers/
 * (<station>.crt, allowed_signers) when page 0 is committed, and into page 0 as
 * evidence/signers/<station>.crt. */
MUST_CHECK bool record_enrol(struct record *record, struct page *page, const struct bytes *pem, size_t count,
                             struct err *err);

/* Make `page`, which is to be the next, one that revokes a signer (roster_revoke): `revoked` is {label,
 * sha256, reason, why, by}, stolen; with a NULL page it is only asked whether it could be; `pem` the
 * certificate that comes in its stead, or NULL, and `what` its name in errors. */
MUST_CHECK bool record_revoke(const struct record *record, struct page *page, json_t *revoked,
                              const struct bytes *pem, const char *what, struct err *err);

/* Who may seal the next page, and who could once. Borrowed. */
const struct roster *record_roster(const struct record *record);

/* Where a station keeps what is not carried. `authority` may be NULL for a station without files. */
struct station {
    const char *name;
    const char *authority; /* folder; secrets staged in <authority>/.verger-staging/, renamed from there */
    const struct seal *seal;
    struct home *home; /* or NULL; keeps the head of each page before the page is in its place */
};

/* Keep something that must not be lost before its page is sealed (a signed certificate): into .staging/,
 * fsynced, whole or not there, never overwritten. And read it back on resume; false and no error text: not
 * there. */
MUST_CHECK bool record_stage(struct record *record, unsigned number, const char *name,
                             const struct bytes *data, struct err *err);
bool record_staged(struct record *record, unsigned number, const char *name, struct bytes *out);

/* Whether record_stage will find its place free, asked before there is anything to keep. */
MUST_CHECK bool record_can_stage(const struct record *record, unsigned number, const char *name,
                                 struct err *err);

/* Throw away what lies there for a page; `*count` things did. For a page that this station never began: then
 * nothing that it signed is among them, and somebody else put them there. */
MUST_CHECK bool record_discard_staged(size_t *count, const struct record *record, unsigned number,
                                      struct err *err);

/* Whether a page of this station could set these paths of its authority, asked before anything irreversible
 * is done for it: a path is a file's, or with '/' at its end a folder's. The authority is there, no link is
 * on the way or at its end, what is there already is of the same kind, and the folders can be written to. */
MUST_CHECK bool station_ready(const struct station *station, const char *const *paths, size_t count,
                              struct err *err);

/* Put a private key into the authority's staging (0600); it moves to `place` when a page is committed that
 * has an output {"kind": "key", "place": place}. A page without one is refused, and so is a place that is
 * taken. */
MUST_CHECK bool station_stage_secret(const struct station *station, const char *place,
                                     const struct bytes *pem, struct err *err);

/* Close, seal and commit a page; then move its files. On failure before the page's rename nothing has
 * happened. */
MUST_CHECK bool record_commit(struct record *record, struct page *page, const struct station *station,
                              struct err *err);

/* On start, after record_open: finish what a cut-off commit at this station left undone. A staged page whose
 * seal is valid is put in its place (record_count grows); one that was not sealed yet is removed with its
 * seal and the station's staged keys; staged artefacts of the next page stay for record_staged. Then the
 * newest page's moves, when the authority's staging says that they were cut off (an authority that was
 * finished is not touched), signers/, and the ledger: one that was cut off or is missing is written anew from
 * the pages, one that differs for no such reason is refused. `*done` gets a sentence for people ("" when
 * nothing was to do). Refused too: a page that another station has under way, and an authority whose staging
 * belongs to a page that this copy has not. */
MUST_CHECK bool record_recover(struct record *record, const struct station *station, char done[256],
                               struct err *err);

#endif

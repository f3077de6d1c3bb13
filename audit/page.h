/* page.h - one step's page: written while the step is walked, closed once, read for ever after.
 *
 * Format: DESIGN section 4, verger-record(5); page.json: pagejson.h; transcript.txt: transcript.h. Member
 * order: page.json, SHA256SUMS, transcript.txt, commit, files/..., evidence/..., and on page 0 alone the rest
 * (script/..., plan.json); the last three sorted by name. page.json is canonical JSON (json_canonical) and a
 * newline. Page 0 has files/.gitattributes, put there by page_close; all else in files/ is under its
 * station's name.
 */
#ifndef VERGER_PAGE_H
#define VERGER_PAGE_H

#include "../ceremony/json.h"
#include "ledger.h"
#include "tarball.h"

struct page; /* under construction */
void page_free(struct page *page);
static inline void own_page(struct page **p)
{
    page_free(*p);
}
#define OWN_PAGE __attribute__((cleanup(own_page))) struct page

struct page_head {
    const char *ceremony_id; /* 32 lower-case hex */
    const char *ceremony_title, *ceremony_version;
    unsigned number;
    const char *title, *slug; /* [a-z0-9-]{1,60} */
    const char *station;
    bool rehearsal, unattended;
    const json_t *people;         /* [{"role","name"}]; present at this page */
    const json_t *versions;       /* {"verger": "...", "openssl": "...", ...} */
    char previous[DIGEST_HEX];    /* digest_zero for page 0 */
    time_t not_before;            /* the previous page's finished, or 0 */
    const json_t *seals_required; /* [{"station": "ca"}] */
};

/* Open: takes the clock (UTC, boot id, monotonic). A clock before `not_before` is refused: it says by how
 * much. */
MUST_CHECK bool page_open(struct page **out, const struct page_head *head, struct err *err);

/* A line of the transcript, with the time; every line of a rehearsal is marked REHEARSAL. Control characters
 * are escaped. */
void page_say(struct page *page, const char *text);

/* A public file that the step sets, at `path` in the station's authority. A second call for one path
 * replaces the first. Text that holds a private key (PEM label) is refused: promise 1. */
MUST_CHECK bool page_file(struct page *page, const char *path, const void *data, size_t len, unsigned mode,
                          struct err *err);
void page_remove(struct page *page, const char *path);                /* a public file that goes */
void page_folder(struct page *page, const char *path, unsigned mode); /* a folder that comes */
/* evidence/<name>; the same refusal. */
MUST_CHECK bool page_evidence(struct page *page, const char *name, const void *data, size_t len,
                              struct err *err);
/* A member with a name of its own (page 0: script/..., .gitattributes of the ledger as files/.gitattributes).
 */
MUST_CHECK bool page_member(struct page *page, const char *name, const void *data, size_t len,
                            struct err *err);

/* Entries of "inputs", "outputs" and "deviations"; the object is taken over (stolen).
 * inputs/outputs: {"name","kind","sha256", ...}. An output that is a private key at rest has
 * {"name","kind":"key","place":"secrets/intermediate_ca_key","mode":"0600","spki_sha256",...} and no content.
 */
void page_input(struct page *page, json_t *input);
void page_output(struct page *page, json_t *output);
void page_deviation(struct page *page, json_t *deviation);

/* Make it a closing page: {"step","by","why"} (stolen), see pagejson.h. */
void page_abort(struct page *page, json_t *aborted);

/* Make it a page that revokes a signer: {"label","sha256","reason","why","by","next"} (stolen), see
 * pagejson.h and record_revoke. */
void page_revoke(struct page *page, json_t *revoked);

/* The name of the file that it will be, NNNNNN-slug.tar. The caller frees. */
char *page_file_name(const struct page *page);

/* The outputs so far (borrowed), and what the page sets for a path (NULL: nothing). */
const json_t *page_outputs(const struct page *page);
const struct bytes *page_pending(const struct page *page, const char *path);

/* Close: take the clock again (at least one second counts as equal times allowed), make the commit when a
 * public file changed or this is page 0, assemble and return the tar. `before` is the ledger's tree before
 * the step and becomes the tree after it; `parent` the ledger's head id or NULL. */
MUST_CHECK bool page_close(struct bytes *tar, time_t *finished, struct page *page, struct ledger_tree *before,
                           const char *parent, const struct seal *seal, struct err *err);

/* Reading: a page as parsed from a tar that tarball_read accepted. Owned parts: all. */
struct page_read {
    struct tarball tar;
    json_t *json; /* page.json */
    unsigned number;
    char sha256[DIGEST_HEX]; /* of the whole .tar */
    char name[96];           /* file name: NNNNNN-slug.tar */
};
void page_read_free(struct page_read *p);
/* Structure of page.json complete and of the right types (unknown members refused), canonical bytes, member
 * order, SHA256SUMS right, mtime = finished, file name = number and slug, changed/removed = files/ members.
 */
MUST_CHECK bool page_parse(struct page_read *out, const struct bytes *tar, const char *file_name,
                           struct err *err);

/* page_parse in its parts, for a page whose members were read elsewhere (pagescan.h), some perhaps dropped:
 * page.json alone; and all rules, but for secrets (`page->json` may be there already). `*broken` says which
 * rule it was. */
enum page_rule { PAGE_CANONICAL, PAGE_SUMS, PAGE_NAME, PAGE_FORM };
MUST_CHECK bool page_json_read(struct page_read *page, struct err *err);
MUST_CHECK bool page_judge(struct page_read *page, enum page_rule *broken, const char *file_name,
                           struct err *err);

/* Apply a page's public changes to a ledger tree. */
MUST_CHECK bool page_apply(struct ledger_tree *tree, const struct page_read *page, struct err *err);

/* "bring-in-the-root-certificate" from a title: lower-case ASCII letters and digits, others to single
 * hyphens, at most 60; false when nothing is left. `slug` has 61 bytes. */
bool page_slug(char slug[61], const char *title);

#endif

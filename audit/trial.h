/* trial.h - a record on trial: what was read from its folder, and what was found. For verify.c and its kin.
 *
 * Nothing here relies on record.h: a record that forgers made is read page by page, and each broken rule is
 * written down (checks.h) while the rest is still looked at.
 */
#ifndef VERGER_TRIAL_H
#define VERGER_TRIAL_H

#include "checks.h"
#include "roster.h"
#include "verify.h"

#include "../ceremony/file.h"

struct sheet { /* a page's file, whatever is in it */
    char *name;
    char sha256[DIGEST_HEX]; /* of the bytes that lie there */
    bool readable;           /* `page` is a page */
    struct page_read page;
};
struct trial {
    const struct verify_options *options;
    struct checks checks;
    struct sheet *sheet; /* in the order of their names */
    size_t count;
    struct names seals;    /* file names of all seals */
    struct roster roster;  /* enrolled by the pages read so far */
    json_t *sealed;        /* {label: SHA-256 of the certificate} of those whose seals hold */
    json_t *plan;          /* of page 0; NULL when it cannot be read */
    json_t *registers;     /* {station: the entries of its newest register} */
    json_t *anchors;       /* {SHA-256: true} of --signers; NULL without */
    char head[DIGEST_HEX]; /* of --head; "" without */
    bool cut_off;          /* .staging is there */
};
#define TRIAL_STAGING ".staging"

void trial_free(struct trial *t);

/* "page.json" of a readable sheet: page_json_text with the same arguments. */
const char *sheet_text(const struct sheet *sheet, const char *member, const char *inner);

/* verify_folder.c: names in the folder; false when it cannot be listed or holds no page. */
MUST_CHECK bool trial_folder(struct trial *t, struct err *err);

/* verify_staging.c: what a cut-off step left in .staging. */
void trial_staging(struct trial *t);

/* verify_pages.c: read a page; its form, place, times and seals (verify_seals.c). */
void trial_page(struct trial *t, size_t at);
/* verify_seals.c */
void trial_seals(struct trial *t, size_t at, const struct bytes *tar);
void trial_signers_folder(struct trial *t);
/* verify_plan.c: page 0's plan, and the pages against it. */
void trial_plan(struct trial *t);
/* verify_ledger.c */
void trial_ledger(struct trial *t);
/* verify_artefacts.c */
void trial_artefacts(struct trial *t);
/* verify_secrets.c: a private key in a member's bytes: PEM, or a JWK with a private part. */
MUST_CHECK bool tarball_holds_no_key(const struct tarball *tar, struct err *err);
/* verify_anchor.c: read what the auditor brought (false: it cannot be used), and compare. */
MUST_CHECK bool trial_anchors(struct trial *t, struct err *err);
void trial_compare(struct trial *t);

#endif

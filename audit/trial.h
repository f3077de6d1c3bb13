/* trial.h - a record on trial: what was read from its folder, and what was found. For verify.c and its kin.
 *
 * Nothing here relies on record.h: a record that forgers made is read page by page, and each broken rule is
 * written down (checks.h) while the rest is still looked at.
 *
 * In two parts. What a page says by itself (its form, its hashes, whether its seals and its commit are signed
 * by the certificates that they enclose) is a sheet's, made by several threads at once (verify_sheet.c). What
 * it says of others is folded over the sheets in their order by one thread, which lets go of each: what stays
 * is what struct trial has, and of that only names, the shelf and the ids of the ledger's objects grow with
 * the record, by some tens of bytes a page.
 */
#ifndef VERGER_TRIAL_H
#define VERGER_TRIAL_H

#include "checks.h"
#include "ledger.h"
#include "pagescan.h"
#include "roster.h"
#include "verify.h"

#include "../ceremony/file.h"

/* A seal, judged against the certificate that it encloses; whether that one was enrolled is asked later. */
struct sealing {
    const char *name; /* of the file */
    char label[61];
    struct bytes p7s;
    char signer[DIGEST_HEX]; /* SHA-256 of the enclosed certificate; "": none, so nothing was judged yet */
    bool good;               /* else `broken` and `fault` */
    enum seal_rule broken;
    struct err fault;
    time_t when;
    bool open; /* by nobody who is enrolled so far, on a page that wants witnesses */
};
struct sheet { /* a page's file, whatever is in it */
    const char *name;
    size_t at;
    struct page_scan scan;
    struct sealing *sealing;
    size_t sealings;
    struct ledger_commit_read commit; /* id "" when the page has none */
    char commit_key[DIGEST_HEX]; /* SHA-256 of the certificate that the commit was checked against, or "" */
    bool commit_good;
    struct err commit_fault;
};
void sheet_free(struct sheet *s);

struct place { /* where in the names a page stands; its seals follow */
    unsigned page, seals;
};
struct ledger_trial {
    struct ledger_tree tree; /* after the pages so far, without contents */
    char head[LEDGER_ID];    /* "" before page 0 */
    struct ledger_audit *audit;
    bool lost;    /* a page could not be followed, so nothing behind it could */
    bool partial; /* of a commit it is not known what it should bring */
    bool differs; /* an object does not lie there as it should */
};
struct trial {
    const struct verify_options *options;
    struct checks checks;
    struct names names; /* in the record's folder, sorted */
    struct place *place;
    size_t count; /* pages */
    bool cut_off; /* .staging is there */

    /* of the pages so far */
    json_t *zero; /* page.json of page 0; NULL when it cannot be read */
    char previous[DIGEST_HEX];
    bool previous_readable;
    time_t finished;
    json_t *deviations; /* [{page, rule, expected, happened, decided, by}]; rule null where none is given */
    json_t *aborted;    /* {page, step, title, by, why} of the closing page; NULL without */
    struct roster roster;
    json_t *sealed;    /* {label: SHA-256 of the certificate} of those whose seals hold */
    json_t *times;     /* [{"page","time","authority","trusted"}] of the timestamps that are right */
    json_t *attested;  /* {label: on how many pages its good seals are} */
    json_t *plan;      /* of page 0; NULL when it cannot be read */
    json_t *registers; /* {station: the entries of its newest register} */
    bool gap_decided;  /* a deviation says that the people went on without the ceremony before */
    json_t *policies;  /* [{"station","wanted" or "fault"}] of those that are to be in the certificate */
    struct ledger_trial ledger;
    struct shelf *shelf;

    json_t *anchors;       /* {SHA-256: true} of --signers; NULL without */
    char head[DIGEST_HEX]; /* of --head; "" without */
    size_t changes;        /* pages so far that revoke a signer, and are no steps */
    size_t head_at;        /* the page whose hash that is; `count` when it is none's */
    unsigned waits;        /* for how many witnesses' seals the last of its steps waits */
    struct sheet *held; /* a page that wants witnesses, while those behind it only revoke; owned, or NULL */
};
#define TRIAL_STAGING ".staging"

void trial_free(struct trial *t);

static inline const char *trial_page_name(const struct trial *t, size_t at)
{
    return t->names.name[t->place[at].page];
}

/* "page.json" of a readable sheet: page_json_text with the same arguments. */
const char *sheet_text(const struct sheet *sheet, const char *member, const char *inner);
const json_t *sheet_json(const struct sheet *sheet, const char *member);

/* verify_plan.c: the step of the plan that a page walks, or that it closes the record in the place of; NULL
 * for page 0, for a page that revokes a signer, and without a plan. Borrowed. */
const json_t *trial_step(const struct trial *t, const struct sheet *sheet);

/* verify_folder.c: names in the folder; false when it cannot be listed or holds no page. */
MUST_CHECK bool trial_folder(struct trial *t, struct err *err);

/* verify_staging.c: what a cut-off step left in .staging. */
void trial_staging(struct trial *t);

/* verify_sheet.c: what can be said of page `at` alone; reads `t` and writes nothing to it. Never NULL. */
struct sheet *trial_sheet(const struct trial *t, size_t at);
/* Once more, against a certificate that the seal does not enclose, or that the commit was not checked with.
 */
bool sealing_judge(struct sealing *s, const struct sheet *sheet, X509 *signer);
void sheet_commit_judge(struct sheet *sheet, const X509 *signer, const char sha256[DIGEST_HEX]);

/* verify_pages.c: a page's form, place and times, and then all of the following. Afterwards the sheet is the
 * trial's while it is `held`, else the caller's. */
void trial_page(struct trial *t, struct sheet *sheet);
/* verify_seals.c */
void trial_seals(struct trial *t, struct sheet *sheet);
void trial_signers_folder(struct trial *t);
/* Judge a seal and write down what it is; a page that wants witnesses may have one by whom a page behind it
 * enrols. */
bool trial_seal(struct trial *t, const struct sheet *sheet, struct sealing *sealing);
/* verify_witness.c: whether the witnesses that a page wants have sealed it, by the seals that hold. Such a
 * page is held (the caller of trial_page does not free it) until it is known whom the pages behind it enrol:
 * at each of those late(), and settle() before the first that is none, or at the end with NULL. */
void trial_witnesses_hold(struct trial *t, struct sheet *sheet);
void trial_witnesses_late(struct trial *t);
void trial_witnesses_settle(struct trial *t, const struct sheet *next);
/* Whether a page wants the witnesses that the plan asks for. */
void trial_witnessed(struct trial *t, const struct sheet *sheet);
/* verify_closing.c: the closing statement, where a page has one. */
void trial_closing(struct trial *t, const struct sheet *sheet);
/* verify_time.c: the timestamp of a page, where it has one; and that times/ holds nothing else. */
void trial_time(struct trial *t, const struct sheet *sheet);
void trial_times_folder(struct trial *t);
/* verify_approval.c: those on page 0, against its plan. */
void trial_approvals(struct trial *t, const struct sheet *zero);
/* verify_plan.c: page 0's plan, and each other page against it. */
/* Whether a plan has a station sign anything: only such a one keeps a register that counts. */
bool plan_signs(const json_t *plan, const char *station);
void trial_plan(struct trial *t, const struct sheet *sheet);
/* verify_ledger.c: each page, and at the end what they made. */
void trial_ledger(struct trial *t, struct sheet *sheet);
void trial_ledger_end(struct trial *t);
/* verify_outcome.c: how the ceremony went, as its pages say: each page, and at the end {planned, walked}, or
 * null without a plan, and the verdict with all of it, in a few words. New. */
void trial_outcome(struct trial *t, const struct sheet *sheet);
json_t *outcome_steps(const struct trial *t);
json_t *outcome_summary(const char *verdict, const json_t *report);
/* verify_artefacts.c */
void trial_artefacts(struct trial *t, const struct sheet *sheet);
/* verify_constraints.c: at the end, the certificates that are to say a policy. */
void trial_constraints(struct trial *t);
/* verify_previous.c: each page, and at the end the ceremony before. */
void trial_previous(struct trial *t, const struct sheet *sheet);
void trial_previous_end(struct trial *t);
/* verify_anchor.c: read what the auditor brought (false: it cannot be used), and compare. */
MUST_CHECK bool trial_anchors(struct trial *t, struct err *err);
void trial_compare(struct trial *t);

#endif

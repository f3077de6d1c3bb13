/* checks.h - what verification found: each rule with a stable id, how often it was kept and broken.
 * For verify.c and its kin; the ids are listed, with their sentences and clauses, in checks.c.
 */
#ifndef VERGER_CHECKS_H
#define VERGER_CHECKS_H

#include "../ceremony/json.h"

enum check {
    CHECK_RECORD_LAYOUT,
    CHECK_PAGE_CANONICAL,
    CHECK_PAGE_SUMS,
    CHECK_PAGE_FORM,
    CHECK_PAGE_NUMBER,
    CHECK_PAGE_CEREMONY,
    CHECK_PAGE_TIMES,
    CHECK_CHAIN_PREVIOUS,
    CHECK_SECRET_NONE,
    CHECK_PLAN_FORM,
    CHECK_PLAN_SCRIPT,
    CHECK_PLAN_PEOPLE,
    CHECK_PLAN_STEPS,
    CHECK_PLAN_WITNESSES,
    CHECK_PLAN_CUSTODIANS,
    CHECK_PLAN_CLOSING,
    CHECK_APPROVAL_FORM,
    CHECK_APPROVAL_SEAL,
    CHECK_APPROVAL_SCRIPT,
    CHECK_APPROVAL_WINDOW,
    CHECK_APPROVAL_REQUIRED,
    CHECK_PLAN_MADE,
    CHECK_SIGNERS_ENROLLED,
    CHECK_SIGNERS_REVOKED,
    CHECK_SIGNERS_FOLDER,
    CHECK_SEAL_REQUIRED,
    CHECK_SEAL_SIGNER,
    CHECK_SEAL_FORM,
    CHECK_SEAL_SIGNATURE,
    CHECK_SEAL_CERTIFICATE,
    CHECK_SEAL_STATION,
    CHECK_SEAL_TIME,
    CHECK_SEAL_WITNESS,
    CHECK_SEAL_WITNESSES,
    CHECK_CLOSING_ATTESTED,
    CHECK_TIME_FORM,
    CHECK_TIME_IMPRINT,
    CHECK_TIME_SIGNATURE,
    CHECK_TIME_AUTHORITY,
    CHECK_LEDGER_CONFIG,
    CHECK_LEDGER_OBJECTS,
    CHECK_LEDGER_REFERENCE,
    CHECK_LEDGER_TREE,
    CHECK_LEDGER_PARENT,
    CHECK_LEDGER_TRAILERS,
    CHECK_LEDGER_SIGNATURE,
    CHECK_ARTEFACT_OUTPUTS,
    CHECK_ARTEFACT_INPUTS,
    CHECK_ARTEFACT_ROOT,
    CHECK_ARTEFACT_INTERMEDIATE,
    CHECK_ARTEFACT_CROSS,
    CHECK_ARTEFACT_SERVER,
    CHECK_ARTEFACT_REQUEST,
    CHECK_ARTEFACT_TEMPLATE,
    CHECK_ARTEFACT_REHEARSAL,
    CHECK_ARTEFACT_KEY,
    CHECK_ARTEFACT_CRL,
    CHECK_ARTEFACT_ENTRIES,
    CHECK_ARTEFACT_PURGED,
    CHECK_REGISTER_CHAIN,
    CHECK_REGISTER_ROOT,
    CHECK_REGISTER_SERIAL,
    CHECK_REGISTER_NUMBER,
    CHECK_REGISTER_SIGNATURES,
    CHECK_ARTEFACT_CONSTRAINTS,
    CHECK_LINT_FORM,
    CHECK_LINT_FINDINGS,
    CHECK_LINT_WAIVED,
    CHECK_LINT_DONE,
    CHECK_BACKUP_TESTED,
    CHECK_PREVIOUS_NAMED,
    CHECK_PREVIOUS_LINK,
    CHECK_ANCHOR_SIGNERS,
    CHECK_ANCHOR_HEAD,
    CHECKS, /* how many */
};

#define FAILURES_MAX 1000 /* so many are told one by one; the same for notes */

struct checks {
    size_t passed[CHECKS], failed[CHECKS];
    json_t *failures;  /* [{"id","page","text","clause"}] */
    json_t *notes;     /* sentences: nothing is wrong, but people should know */
    json_t *unchecked; /* sentences: what could not be checked, and why */
};
void checks_start(struct checks *c);
void checks_free(struct checks *c);

#define NO_PAGE (-1L)

/* One finding; of a failed one `err`'s text is told. Gives `ok` back. */
bool checks_add(struct checks *c, enum check check, long page, bool ok, const struct err *err);

void checks_note(struct checks *c, const char *format, ...) __attribute__((format(printf, 2, 3)));
void checks_unchecked(struct checks *c, const char *format, ...) __attribute__((format(printf, 2, 3)));

bool checks_any_failed(const struct checks *c);

/* All of them in their order, each once: [{"id","clause","text","verdict","passed","failed"}], the verdict
 * "pass", "fail" or, where there was nothing that it could be asked of, "not applicable". */
json_t *checks_json(const struct checks *c);

/* The id of a check. Static, as the next two. */
const char *check_id(enum check check);
/* What it asks, and where that is from. */
void check_said(const char **sentence, const char **clause, enum check check);

#endif

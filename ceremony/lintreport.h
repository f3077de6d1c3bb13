/* lintreport.h - what came of the lint of one thing, as JSON: for programs, and as evidence of a page.
 *
 * Evidence (format "verger-lint-1", a page's evidence/lint-NAME.json, NAME the artefact's slug) says what was
 * judged before anything was signed with it or over it:
 *   {"format", "edition" (LINT_EDITION of the program), "profile", "name" (the artefact's), "kind", "subject"
 *    (or null), "tbs_sha256" (of its to-be-signed part: of a thing that a throw-away key signed for the lint
 *    it is the part that the real key then signs), "given" {"issuer", "request", "list", "previous"} (SHA-256
 *    of the DER of what rules were told besides; what was not given is absent), "found" [{"rule", "severity",
 *    "clause", "text"}], "passed", "not_applicable", "not_checked" [rule], "waived" [{"rule", "because",
 * "by", "role"}]}.
 */
#ifndef VERGER_LINTREPORT_H
#define VERGER_LINTREPORT_H

#include "json.h"
#include "lint.h"

#define LINT_FORMAT "verger-lint-1"

/* Raised whenever a rule comes to answer otherwise than before: results of one edition can be compared. */
#define LINT_EDITION 1

/* "root", "revocation list", ... Static. */
const char *lint_kind(enum lint_view view);

/* "error", "warning", "notice". Static. */
const char *lint_severity(enum severity severity);

/* The name that the thing is about, or NULL. Caller frees. */
char *lint_subject_name(const struct lint_subject *s);

/* SHA-256 of the to-be-signed part as it stands in the DER; of a public key, of the whole. */
MUST_CHECK bool lint_tbs(char hex[DIGEST_HEX], const struct lint_subject *s, struct err *err);

/* {"kind", "subject", "sha256" (of the DER), "found", "passed", "not_applicable", "not_checked"}. Caller
 * decrefs. */
json_t *lint_report_json(const struct lint_report *report, const struct lint_subject *s);

/* Judge, and tell it as evidence without "name" and "waived". `issuer` is the one that is told as given,
 * where a throw-away one stands for it in `context`; else that of the context, or NULL. Caller decrefs. */
MUST_CHECK bool lint_evidence(json_t **out, const struct lint_subject *s, const struct lint_context *context,
                              const X509 *issuer, struct err *err);

/* Whether evidence has the members that lint_evidence gives it, each of its form, and "name" and "waived". */
MUST_CHECK bool lint_evidence_check(const json_t *evidence, struct err *err);

/* Whether two results tell the same of every rule that both know and that the second had checked. */
MUST_CHECK bool lint_evidence_agrees(const json_t *recorded, const json_t *again, struct err *err);

/* "pass", "error", ...: what evidence says of a rule; NULL when it does not name it. Borrowed. */
const char *lint_evidence_answer(const json_t *evidence, const char *rule);

#endif

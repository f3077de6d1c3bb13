/* reportparts.h - the parts that a report is made of, one file each. For report.c and its kin. */
#ifndef VERGER_REPORTPARTS_H
#define VERGER_REPORTPARTS_H

#include "report.h"

/* report_pages.c: "pages", "unreadable", "plan", "certificates", "requests", "crls", "keys",
 * "register" (entries of the newest page that has it), "doctors" [{"page","station","rows" (doctor's)}],
 * "lints" (report_lint_add's).
 *   page: page.json's members, and "file", "sha256", "seals" (labels), "transcript", "members"
 *   [{"name","sha256","size"}], "commit" (40 hex or null).
 *   certificate: certificate_to_json's, and "name", "page", "member", "extensions" (preview_json's), "pem".
 *   request: {"name","page","member","sha256","spki_sha256"}. crl: crl_to_json's, "name", "page", "member",
 *   "issuer_name", "revoked": crl_revoked_json's, at most 10,000.
 *   key: {"name","page","key","spki_sha256","place","generated","purged" (page or null)}. */
MUST_CHECK bool report_pages(json_t *report, const char *record, struct err *err);

/* report_facts*.c: a fact is looked for in the report and found to be
 *   {"state": "pass", "fail", "recorded" (people say so) or "none" (nothing here that it could be asked of),
 *   "why", "evidence": [{"page", "member" (or null)}]}. */
json_t *fact_new(const char *state, const char *format, ...) __attribute__((format(printf, 2, 3)));
void fact_evidence(json_t *fact, long page, const char *member);
/* A check of verify's: "pass" with how often, "fail" with its first failure, or "none". */
json_t *fact_of_check(const json_t *report, const char *id);
struct fact {
    const char *name;
    json_t *(*find)(const json_t *report, const struct fact *self);
    const char *what;    /* what `find` looks for */
    const char *missing; /* what is said when it is not there */
};
extern const struct fact facts_people[], facts_room[], facts_elsewhere[], facts_certificates[], facts_lists[],
    facts_record[];

/* report_grades.c: "facts", "controls", "grades". */
void report_grade(json_t *report, enum profile_of_controls profile);

/* report_due.c: "due": [{"date", "what", "name"}], by date: a list's next update, a certificate's end, the
 * end of retention (7 years behind the last). */
void report_due(json_t *report);

/* report_diagram.c: who vouches for whom, as SVG and in words. Both appended. */
void report_diagram(struct bytes *svg, struct bytes *said, const json_t *report);

/* report_sections.c: sections of the document. */
void report_deviations_section(json_t *document, const json_t *report);
void report_controls_section(json_t *document, const json_t *report);
void report_steps_section(json_t *document, const json_t *report);
void report_sign_off_section(json_t *document, const json_t *report);

/* report_signers.c: "revoked": [{"page", "station" (that sealed it), "label", "name", "sha256", "reason",
 * "why", "by", "next" (a label, or missing)}], their section, and the fact. */
void report_revoked(json_t *report);
void report_revoked_section(json_t *document, const json_t *report);
json_t *report_revoked_keys(const json_t *report, const struct fact *self);

/* report_lints.c: an element of "lints", each a page's result of lint (lintreport.h) without "format",
 * "given", "passed" and "not_applicable", and with "page", "member", "counts" {"error", "warning", "notice",
 * "passed", "not_applicable", "not_checked"}; and their section. What is no such result is left out. */
void report_lint_add(json_t *report, json_int_t page, const char *member, const json_t *evidence);
json_t *report_lints_line(const json_t *report); /* how many there are of each, for the result */
void report_lints_section(json_t *document, const json_t *report);

/* report_history.c: "history": history_of's. False: the pages do not hold together, and it is empty. */
MUST_CHECK bool report_history(json_t *report, const char *folder, struct err *err);
void report_history_section(json_t *document, const json_t *report);

#endif

/* report.h - a record told for people: what was done, by whom, what came of it, what is due, and how it does
 * against the controls of vendor/controls. Reads everything from disk, runs no Lua, trusts nothing: verify.h
 * is asked first, and a page that cannot be read is said to be so.
 */
#ifndef VERGER_REPORT_H
#define VERGER_REPORT_H

#include "controls.h"
#include "document.h"
#include "verify.h"

struct report_options {
    struct verify_options verify;
    enum profile_of_controls profile;
};

/* {"format": "verger-ceremony-report-1", "profile", "verify": verify_record's report, "plan" (of page 0, or
 * null), "pages": [...], "unreadable": [{"file","why"}], "keys", "certificates", "requests", "crls",
 * "register", "lints", "revoked", "history", "due", "facts": {NAME: FINDING}, "controls": [{"id","grade",
 * ...}], "grades":
 * {"pass": n, ...}}. What is said of each is in the file that makes it. The same record, options and program
 * give the same report: it reads no clock. False only when the record cannot be read at all. The caller
 * decrefs. */
MUST_CHECK bool report_make(json_t **out, enum verdict *verdict, const struct report_options *options,
                            struct err *err);

/* The report as a document. The caller decrefs. */
json_t *report_document(const json_t *report);

/* Names of people, hosts and addresses replaced in every text of the document by "[name 1]" and so on, and a
 * section that has, for each, the commitment SHA-256(salt text) in hex. `salts`: {"format", "entries":
 * [{"mark", "text", "salt" (hex), "commitment"}]}, to be kept by the record's holder; the caller decrefs. */
MUST_CHECK bool report_redact(json_t **salts, json_t *document, const json_t *report, struct err *err);

#endif

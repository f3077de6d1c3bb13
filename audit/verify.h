/* verify.h - is this record what it says? Reads everything from disk, trusts nothing, runs no Lua.
 *
 * Checks have stable ids, e.g. `page.canonical`, `seal.signature`, `chain.previous`, `ledger.tree`. One that
 * fails names page and rule.
 */
#ifndef VERGER_VERIFY_H
#define VERGER_VERIFY_H

#include "record.h"

enum verdict {
    VERDICT_HOLDS,      /* against --signers or --head: exit 0 */
    VERDICT_FAILS,      /* exit 1 */
    VERDICT_CONSISTENT, /* nothing from outside to check against: exit 3 */
    VERDICT_CUT_OFF,    /* consistent as far as it goes, but a step is under way or was cut off: exit 3 */
    VERDICT_WAITS,      /* consistent, but the newest page lacks seals of witnesses that it wants: exit 3 */
};

struct verify_options {
    const char *record;
    const char *signers;  /* PEM file of certificates that the auditor has from elsewhere, or NULL */
    const char *head;     /* 64 hex, or 32 PGP words, with any spaces, colons or case; or NULL */
    unsigned threads;     /* 0: as many as there are cores */
    const char *previous; /* record of the ceremony before with the same root, or NULL */
    const char *tsa_ca;   /* PEM file of what timestamping authorities are trusted under, or NULL */
};

/* The report, an object with all of these members, whatever the verdict; null where page 0 cannot be read.
 *
 * - "format": "verger-report-2".
 * - "verdict": "holds", "does not hold", "consistent, not authenticated", "consistent, cut off", "consistent,
 *   waits for witnesses".
 * - "record": the folder, as it was named. "head": SHA-256 of the newest page's .tar.
 * - "ceremony" {id, title, version}, "rehearsal", "unattended" (bool), "people" [{role, name}]: page 0's.
 * - "summary": the verdict with exceptions and how far it went.
 * - "pages": how many. "steps" {planned, walked}. "exceptions": how many deviations the pages record.
 * - "deviations" [{page, rule, expected, happened, decided, by}]. "aborted" {page, step, title, by, why} or
 * null.
 * - "signers" [{label, name, station (null: a witness), sha256, sealed (bool), pages (how many its good seals
 * are on), revoked (the page that revokes it, or null)}], as enrolled.
 * - "anchors" {signers, head} (bool): what it was checked against.
 * - "timestamps" [{page, time, authority, trusted}].
 * - "checks" [{id, clause (the section of verger-record(5); what others say of it), text, verdict ("pass",
 * "fail", "not applicable"), passed, failed (how often)}]: every check there is, once, in a fixed order.
 * - "failures" [{id, page (or null), text, clause}]: the first 1,000.
 * - "notes", "unchecked", "cannot_prove": sentences. What people should know; what was not checked here, and
 *   why; what no check of a record can prove.
 *
 * Ids are never given another meaning, members never taken away; either may come to be more. False only when
 * there is no record there, or what the auditor brought cannot be used. Caller decrefs.
 *
 * Memory: a fixed part for each thread, and some hundred bytes a page (names, what was made, ids of the
 * ledger's objects); no page is ever held whole. */
MUST_CHECK bool verify_record(json_t **report, enum verdict *verdict, const struct verify_options *options,
                              struct err *err);

/* The report as lines for people. */
void verify_text(struct bytes *out, const json_t *report);

#endif

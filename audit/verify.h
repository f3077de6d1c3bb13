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

/* The report:
 * {"verdict","record","head","ceremony":{...},"rehearsal","unattended","pages","checks":[{"id","page" (or
 * null),"ok","text","clause"}],"people":[..],"steps":{"planned","walked"},"exceptions": n,
 * "deviations":[{"page","rule","expected","happened","decided","by"}],"aborted":{"page","step","title","by",
 * "why"} or null,"timestamps":[{"page","time","authority","trusted"}],"summary": the verdict with exceptions
 * and how far it went,"cannot_prove":[..]}. False only when the record cannot be read at all. Caller decrefs.
 */
MUST_CHECK bool verify_record(json_t **report, enum verdict *verdict, const struct verify_options *options,
                              struct err *err);

/* The report as lines for people. */
void verify_text(struct bytes *out, const json_t *report);

#endif

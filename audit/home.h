/* home.h - what stays at a station: sealing key, lock, journal, register, the last head it saw. */
#ifndef VERGER_HOME_H
#define VERGER_HOME_H

#include "../ceremony/digest.h"
#include "../ceremony/json.h"

struct home;
void home_free(struct home *home); /* releases the lock */
static inline void own_home(struct home **h)
{
    home_free(*h);
}
#define OWN_HOME __attribute__((cleanup(own_home))) struct home

/* Open an existing home folder and lock it (and `lock_also`, a folder, when not NULL: the authority). A
 * second verger is refused with the first one's process id. Folder and files must belong to the effective
 * user, and nobody else may write them: who empties a journal makes a station sign twice. */
MUST_CHECK bool home_open(struct home **out, const char *folder, const char *lock_also, struct err *err);

/* Lock one more folder (the authority, once it is there); given back with the home. */
MUST_CHECK bool home_lock(struct home *home, const char *folder, struct err *err);

const char *home_folder(const struct home *home);

/* The journal: one canonical JSON object a line, appended and fsynced before what it announces. `event` is
 * {"ceremony","page","kind": "attempt"|"intent"|"decided"|"sealed"|"recovered"|"stopped"|"aborted"|"revoked",
 * ...}; the time is added; stolen. A last line without a newline is what a crash cut off: it is dropped on
 * open. */
MUST_CHECK bool home_journal(struct home *home, json_t *event, struct err *err);
/* All events of one ceremony and page, oldest first: a JSON array. Caller decrefs. */
json_t *home_events(const struct home *home, const char *ceremony, unsigned page);

/* The register: what the keys at this station ever signed, append-only lines (register.h): {"kind",
 * "issuer_spki","serial" and "spki_sha256"|"number","tbs_sha256","sha256","content" (PEM),"ceremony","page"};
 * "format" and "previous" are added; stolen. Adding the same again is nothing. */
MUST_CHECK bool home_register(struct home *home, json_t *entry, struct err *err);
const json_t *home_registered(const struct home *home); /* all of it; borrowed until the next change */
/* Take over what a page's register has more than this one, of all its issuers; `*count` entries. Refused, and
 * nothing is taken, where the two tell different histories of an issuer. */
MUST_CHECK bool home_register_adopt(size_t *count, struct home *home, const json_t *list, struct err *err);
/* Highest CRL number ever issued or announced (an intent "publish" in the journal) for an issuer (SPKI
 * digest): -1 when none. */
long long home_crl_number(const struct home *home, const char *issuer_spki);
/* The newest entry of a certificate (by serial) or a list (by number) of an issuer, "content" (PEM) with it;
 * NULL when there is none. Borrowed until the next home_register. */
const json_t *home_certificate(const struct home *home, const char *issuer_spki, const char *serial);
const json_t *home_crl(const struct home *home, const char *issuer_spki, long long number);
bool home_serial_used(const struct home *home, const char *issuer_spki, const char *serial);

/* Newest head this station saw for a ceremony, with its page number: false when none. */
bool home_head(const struct home *home, const char *ceremony, char head[DIGEST_HEX], unsigned *page);
MUST_CHECK bool home_set_head(struct home *home, const char *ceremony, const char *head, unsigned page,
                              struct err *err);

#endif

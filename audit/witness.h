/* witness.h - the seals that witnesses put beside a page: whose count, how many are wanted, and how one gets
 * into a record.
 *
 * A page says how many witnesses it wants: seals_required has {"witnesses": n}. A seal counts towards them
 * when it is by a certificate that was enrolled for a witness, and page.json has somebody of exactly that
 * name in the role "witness" or "witnesses". Others who are enrolled as witnesses may seal too; the operator
 * may not. A witness's seal has a station's form (seal.h), and its signingTime is the page's finished or
 * later: witnesses seal what is closed, each when they have looked at it. All that a page wants must be there
 * before the next page is begun, at whatever station.
 *
 * Where a witness's key is lost while a page waits for it, a page that revokes a signer may come (roster.h),
 * and whom it enrols may seal the page that waits: the only seal that is older in the chain than its
 * certificate. Nobody counts twice, with whatever keys. Where the seal never comes, a closing page may end
 * the ceremony there, with a deviation of the rule "witnesses.missing".
 */
#ifndef VERGER_WITNESS_H
#define VERGER_WITNESS_H

#include "chain.h"
#include "record.h"

/* How many seals of witnesses a page.json wants; 0 when it says nothing of them. */
unsigned witnesses_wanted(const json_t *page);

/* Whether a page.json is of a page that revokes a signer; and of a closing page which says that seals of
 * witnesses are missing. */
#define WITNESSES_MISSING "witnesses.missing"
bool page_revokes(const json_t *page);
bool witnesses_excused(const json_t *page);

/* Whether a seal by this one counts towards them. */
bool witness_counts(const struct enrolled *who, const json_t *page);

/* Whether this one may seal the page as a witness, at that time. `what` names the seal. */
MUST_CHECK bool witness_fit(const struct enrolled *who, const json_t *page, time_t when, const char *what,
                            struct err *err);

/* How many witnesses a page still waits for, with these seals beside it, which were judged; a seal by nobody
 * whom the roster knows does not count. */
unsigned witnesses_missing(const struct seal_files *seals, const struct roster *roster, const json_t *page);

/* Put a witness's seal beside a page of a record that is open to go on with: judged first, then put there
 * as beside.h says. `*name` is the new file's; the caller frees. */
MUST_CHECK bool witness_place(char **name, struct record *record, unsigned number, const struct bytes *p7s,
                              struct err *err);

/* Make the seal of the page's bytes, now, and put it there. */
MUST_CHECK bool witness_seal(char **name, struct record *record, unsigned number, const struct seal *seal,
                             struct err *err);

#endif

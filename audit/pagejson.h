/* pagejson.h - the form of page.json, checked when a page is closed and when one is read.
 *
 * Members, all of them and no other:
 *   format "verger-page-1"; ceremony {id, title, version}; number; title; slug; station; rehearsal;
 * unattended; started, finished {utc, boot_id, monotonic_ns (digits: jq 1.6 would round a number)}; people
 * [{role, name}]; previous; ledger {commit, parent} (parent null on page 0) or {head}; changed [{path, mode,
 * sha256}]; removed [{path}]; directories [{path, mode}]; inputs, outputs [{name, kind, ...}]; deviations
 * [{expected, happened, decided, by, ...}] (also rule, what kind it is, and prompt, where it was said; by is
 * one of people); seals_required [{station}, {witness} or {witnesses: number}]; versions {name: text}; and on
 * a closing page alone aborted {step, by, why}. A closing page has slug "aborted", the number of the step
 * that was not done, and nothing that changed; its outputs are what was signed by then, and have no place;
 * and it wants no seals of witnesses, whatever its step does, as an end must not wait for people who have
 * gone. A page that revokes a signer alone has revoked {label, sha256, reason, why, by, next}: whose
 * certificate (roster.h), "lost", "compromised" or "ended", and the label of the certificate that the page
 * enrols in its stead, or no next. It has slug "signers", is no step of the plan, nothing is changed or
 * made on it, and its seals_required is its station's alone. A path is STATION/path, the same in files/ and
 * in the ledger's tree; modes are "0600". changed, removed and directories are sorted by path, each path
 * once. A page makes a commit when it is page 0 or when changed or removed is not empty. In inputs and
 * outputs sha256 and spki_sha256 are hex where they stand, place is a path in the authority and mode a mode.
 */
#ifndef VERGER_PAGEJSON_H
#define VERGER_PAGEJSON_H

#include "../ceremony/json.h"

#define PAGE_FORMAT "verger-page-1"
#define PAGE_NUMBER_MAX 999999

/* The member that only a closing page has; also its slug. */
#define PAGE_ABORTED "aborted"

/* The member that only a page has which revokes a signer, the slug of such a page, and the one reason for
 * which the key itself may still seal it. */
#define PAGE_REVOKED "revoked"
#define PAGE_REVOKED_SLUG "signers"
#define REVOKED_ENDED "ended"

/* The top of the ledger's tree, from page 0 on: its path, and what it holds. */
#define PAGE_ATTRIBUTES ".gitattributes"
#define PAGE_ATTRIBUTES_TEXT "* -text\n"

MUST_CHECK bool page_json_check(const json_t *json, struct err *err);

/* What the members say of each other, once each has its form; called by page_json_check. */
MUST_CHECK bool page_rules_check(const json_t *json, struct err *err);

/* Whether a checked page.json has a commit. */
bool page_json_commits(const json_t *json);

/* The octal text of a mode and back; only for modes that passed the check. */
void mode_text(char text[5], unsigned mode);
unsigned mode_value(const char *text);

/* A string somewhere below, for JSON that passed the check: "ceremony", "id". Second name NULL: at the top.
 */
const char *page_json_text(const json_t *json, const char *member, const char *inner);

#endif

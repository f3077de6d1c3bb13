/* approval.h - somebody's word, given before the day, that this script with these templates may be walked
 * within these dates.
 *
 * Canonical JSON and a newline, with all of these members and no other: format "verger-approval-1"; approver
 * (the name in the certificate that seals it); title, version; script {name, sha256}; templates [{path,
 * sha256}], as the plan has them; from, until (RFC 3339, UTC, both within). Its seal is detached, in the form
 * of seal.h, by a person's certificate (OU=witness). In page 0: evidence/approvals/<label>.json and
 * .json.p7s.
 */
#ifndef VERGER_APPROVAL_H
#define VERGER_APPROVAL_H

#include "../ceremony/json.h"
#include "seal.h"

#define APPROVAL_FORMAT "verger-approval-1"

enum approval_rule { APPROVAL_FORM, APPROVAL_SEAL, APPROVAL_SCRIPT, APPROVAL_WINDOW };

/* Whether it approves what this plan was made from, for a ceremony that starts at that time, and was sealed
 * by then. `*signer` is who the enclosed certificate says, as soon as the seal holds, also when something
 * behind it is wrong; whether that one is known is the caller's to ask. On failure `*broken` says which rule:
 * its form; its seal, or another's name; another script, template, title or version; the dates. */
MUST_CHECK bool approval_judge(struct signer *signer, enum approval_rule *broken, const struct bytes *text,
                               const struct bytes *p7s, const json_t *plan, time_t started, const char *what,
                               struct err *err);

#endif

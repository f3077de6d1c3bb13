/* ledger_commit.h - the text of a git commit object, there and back (gitformat-commit; no libgit2 in here).
 *
 *   tree ID / [parent ID] / author NAME <EMAIL> TIME +0000 / committer (the same) / [gpgsig ARMOR] / blank /
 * message For ledger.c only; everybody else uses ledger.h.
 */
#ifndef VERGER_LEDGER_COMMIT_H
#define VERGER_LEDGER_COMMIT_H

#include "ledger.h"

/* The object with `signature` (armor without final newline) or, when that is NULL, the part that is signed.
 * Refused: names and addresses that git could not read back, a time before 1970, a message without a
 * newline at its end. `commit->tree` is not looked at. */
MUST_CHECK bool ledger_commit_format(struct bytes *out, const struct ledger_commit *commit,
                                     const char *tree_id, const struct bytes *signature, struct err *err);

/* Everything of ledger_commit_parse but the id. What does not come out the same when it is formatted again is
 * refused. */
MUST_CHECK bool ledger_commit_text(struct ledger_commit_read *out, const struct bytes *raw, struct err *err);

#endif

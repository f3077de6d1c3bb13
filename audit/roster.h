/* roster.h - who may seal the pages of a record: the certificates enrolled in page 0, and those that a later
 * page brings. They stand in a page as evidence/signers/<label>.crt and in the record's folder as
 * signers/<label>.crt with git's allowed_signers. The label is the station, or the slug of a witness's name.
 */
#ifndef VERGER_ROSTER_H
#define VERGER_ROSTER_H

#include "page.h"

struct enrolled {
    char label[61];
    struct signer signer;
    X509 *certificate; /* owned */
    struct bytes pem;
};
struct roster { /* in the order of the pages, within a page by label */
    struct enrolled *enrolled;
    size_t count;
};
void roster_free(struct roster *r);

/* One certificate more. Refused: a label or a key that is taken, a witness's name that another
 * certificate has, a certificate that is no signer's (signer_read).
 * `what` names the file. */
MUST_CHECK bool roster_add(struct roster *r, const struct bytes *pem, const char *what, struct err *err);

/* Those that a page brings; each member's name and bytes must be as roster_add would have them written. */
MUST_CHECK bool roster_read(struct roster *r, const struct page_read *page, struct err *err);

void roster_copy(struct roster *out, const struct roster *r);
const struct enrolled *roster_find(const struct roster *r, const char *label); /* or NULL; borrowed */
/* Whom an entry of a page's "seals_required" means: {"station": label} a station's certificate and no
 * witness's,
 * {"witness": label} the other way round; or NULL. Borrowed. */
const struct enrolled *roster_required(const struct roster *r, const json_t *who);

/* The folder signers/: what it holds must be ours, though some may be missing; and what is missing, written
 * by way of `staging`. */
MUST_CHECK bool roster_folder_check(const struct roster *r, const char *folder, struct err *err);
MUST_CHECK bool roster_folder_write(const struct roster *r, const char *folder, const char *staging,
                                    bool *wrote, struct err *err);

#endif

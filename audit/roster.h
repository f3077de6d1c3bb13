/* roster.h - who may seal the pages of a record: the certificates enrolled in page 0, less those that a later
 * page revokes, and those that such a page enrols in their stead. They stand in a page as
 * evidence/signers/<label>.crt and in the record's folder as signers/<label>.crt with git's allowed_signers.
 * The label is the station, or the slug of a witness's name; of a second certificate with -2 behind it, and
 * so on: the first that is free.
 *
 * From the page after the one that revokes it, a certificate seals nothing; what it sealed before stays
 * sealed. A page that revokes one as lost or compromised is not sealed by it.
 */
#ifndef VERGER_ROSTER_H
#define VERGER_ROSTER_H

#include "page.h"

struct enrolled {
    char label[61];
    struct signer signer;
    X509 *certificate; /* owned */
    struct bytes pem;
    unsigned page;    /* that enrols it */
    unsigned revoked; /* the page that revokes it; 0: none does */
};
struct roster { /* in the order of the pages, within a page by label */
    struct enrolled *enrolled;
    size_t count;
};
void roster_free(struct roster *r);

/* One certificate more. Refused: a key that was ever enrolled, a station or a witness who has a certificate
 * that is not revoked, a certificate that is no signer's (signer_read).
 * `what` names the file. */
MUST_CHECK bool roster_add(struct roster *r, const struct bytes *pem, const char *what, struct err *err);

/* Those that a page brings; each member's name and bytes must be as roster_add would have them written. */
MUST_CHECK bool roster_read(struct roster *r, const struct page_read *page, struct err *err);

/* What a page's "revoked" says (pagejson.h), done on page `page`: that certificate goes, and `pem`, unless it
 * is NULL, comes in its stead, as the last one. Refused: one that is not enrolled or was revoked, and a
 * successor for another station or another witness. */
MUST_CHECK bool roster_revoke(struct roster *r, const json_t *revoked, const struct bytes *pem, unsigned page,
                              const char *what, struct err *err);

/* Whether a seal by this certificate counts on a page; false only when it is or was revoked. */
MUST_CHECK bool enrolled_may_seal(const struct enrolled *one, const json_t *page, struct err *err);

void roster_copy(struct roster *out, const struct roster *r);
const struct enrolled *roster_find(const struct roster *r, const char *label); /* or NULL; borrowed */
/* The station's certificate that is not revoked, or NULL; borrowed. */
const struct enrolled *roster_station(const struct roster *r, const char *station);
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

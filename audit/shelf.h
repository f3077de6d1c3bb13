/* shelf.h - what the pages of a record made, as verification puts it side by side. For verify_artefacts.c.
 *
 * While its page is looked at an artefact has its entry in page.json and its content; afterwards only what a
 * later page may be held against: name, hashes, a request, and the certificate of a CA. That is about 150
 * bytes each, and some thousand for the latter two.
 */
#ifndef VERGER_SHELF_H
#define VERGER_SHELF_H

#include "trial.h"

enum artefact_kind { ARTEFACT_OTHER, ARTEFACT_CERTIFICATE, ARTEFACT_REQUEST, ARTEFACT_CRL, ARTEFACT_PURGED };

struct artefact {
    char *name;
    unsigned page;
    enum artefact_kind kind;
    bool has_sha256, has_spki, is_ca, is_root; /* a root: subject and issuer are one */
    unsigned char sha256[DIGEST_LEN];          /* as the output says */
    unsigned char spki[DIGEST_LEN];            /* as the content says; else as the output says */
    X509 *certificate;                         /* of a certificate that could be read; later of a CA's only */
    X509_REQ *request;                         /* of a request that could be read */
    const json_t *output;                      /* borrowed from its page, and later NULL */
    const struct bytes *content;               /* the same; NULL also when the page holds none */
    struct bytes list; /* later, of a revocation list: its own copy, for the list after it */
};
struct shelf {
    struct artefact *artefact; /* oldest first */
    size_t count;
    size_t *purged; /* which of them were purged */
    size_t purged_count;
    json_t *keys;      /* {"STATION/place": hex of the SPKI's SHA-256} of the newest key at each place */
    json_t *installed; /* {station: place on the shelf} of the newest certificate that it installed as the
                        * authority's, its own ones that it came with left out */
};
struct shelf *shelf_new(void);
void shelf_free(struct shelf *s);

/* Put an output there. False when its content is missing, has another hash, cannot be read, or is not what
 * the output says of it; it stands there all the same. */
MUST_CHECK bool shelf_put(struct shelf *s, const struct sheet *sheet, const json_t *output, struct err *err);

/* The page of the newest ones goes: what is only for it goes too. */
void shelf_settle(struct shelf *s, size_t first);

const char *artefact_text(const struct artefact *a, const char *member); /* "" when absent, or settled */
/* Where its station keeps the key of a certificate that is there for step-ca to use; NULL of any other. */
const char *artefact_key_place(const struct artefact *a);
/* The name of the certificate that a thing is said to be under: who signed it here, or elsewhere. */
const char *artefact_issuer(const struct artefact *a);
bool artefact_same_key(const struct artefact *a, const struct artefact *b);

/* The newest of that name, or NULL. */
const struct artefact *shelf_find(const struct shelf *s, const char *name);
/* That of a page, or NULL. */
const struct artefact *shelf_find_on(const struct shelf *s, size_t page, const char *name);

/* Hex of an artefact's key; "" when it has none. */
void artefact_spki(char hex[DIGEST_HEX], const struct artefact *a);

/* verify_register.c: what a page tells of all that its station's keys signed. All that it made is on the
 * shelf. */
void register_checks(struct trial *t, const struct sheet *sheet);
/* verify_list.c: the lists that a page signed, against the lists before them and the plan. */
void list_checks(struct trial *t, const struct sheet *sheet);
/* verify_made.c: what a page made against the plan and the templates of page 0. */
void made_checks(struct trial *t, const struct sheet *sheet);
/* The word of a page's step that makes an artefact, or NULL. Borrowed. */
const json_t *made_by(const struct trial *t, const struct sheet *sheet, const struct artefact *a);
void template_checks(struct trial *t, const struct sheet *sheet, const struct artefact *a);
/* verify_certificate.c: a certificate of a page, by what made it. */
void certificate_checks(struct trial *t, const struct sheet *sheet, const struct artefact *a);
/* verify_lint.c: what a page says that lint found; `first` is where its artefacts begin on the shelf. */
void lint_checks(struct trial *t, const struct sheet *sheet, size_t first);
/* verify_backup.c: the copies of a key, where the artefact is a backup. */
void backup_checks(struct trial *t, const struct sheet *sheet, const struct artefact *a);
/* verify_constraints.c: the policies of a page that the certificate is to say too. */
void constraints_note(struct trial *t, const struct sheet *sheet);

#endif

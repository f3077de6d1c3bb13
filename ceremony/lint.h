/* lint.h - the rules that a key, a request, a certificate and a revocation list are held to, one by one.
 *
 * A rule is a row: its id, how much it weighs in each profile, the clause that it is from, what it is asked
 * of, what must be known besides, and what to do. It passes, does not apply, is not checked for want of
 * something, or finds. Nothing here reads a clock or a file, or uses a private key.
 */
#ifndef VERGER_LINT_H
#define VERGER_LINT_H

#include "authority.h"
#include "crl.h"

/* By whose yardstick. */
enum lint_profile { LINT_PRIVATE, LINT_PUBLIC, LINT_ETSI, LINT_FEDERAL };
extern const char *const lint_profiles[]; /* "private-internal", ... in that order; ends with NULL */
MUST_CHECK bool lint_profile_find(enum lint_profile *out, const char *name, struct err *err);

/* What a thing is; a rule names all that it is asked of. */
enum lint_view {
    LINT_KEY = 1,          /* a public key */
    LINT_REQUEST = 2,      /* PKCS#10 */
    LINT_ROOT = 4,         /* a CA certificate signed with its own key */
    LINT_INTERMEDIATE = 8, /* a CA certificate signed with another one; a cross-certificate too */
    LINT_LEAF = 16,        /* any other certificate */
    LINT_LIST = 32         /* a CRL */
};

/* What some rules need besides. */
enum lint_need {
    LINT_NEEDS_ISSUER = 1,
    LINT_NEEDS_REQUEST = 2,
    LINT_NEEDS_LIST = 4,
    LINT_NEEDS_PREVIOUS = 8,
    LINT_NEEDS_WEAK_KEYS = 16
};

/* All borrowed, each may be NULL. */
struct lint_context {
    enum lint_profile profile;
    const X509 *issuer;            /* of the certificate or list */
    const X509_REQ *request;       /* that the certificate was made for */
    const X509_CRL *list;          /* of the certificate's issuer */
    const X509_CRL *previous;      /* the list before this one, of the same issuer */
    const struct bytes *weak_keys; /* lint_weak_keys_check has passed */
};

/* One thing, read from DER; owns all but `what`. */
struct lint_subject {
    enum lint_view view;
    struct bytes der;
    X509 *certificate; /* or */
    X509_REQ *request; /* or */
    X509_CRL *list;    /* or */
    X509_PUBKEY *key;  /* one of these is not NULL */
};
struct lint_subjects {
    struct lint_subject *list;
    size_t count;
};
void lint_subjects_free(struct lint_subjects *s);

/* All that a file holds: PEM blocks in any number ("CERTIFICATE", "CERTIFICATE REQUEST", "X509 CRL", "PUBLIC
 * KEY"), or one DER of any of these. A private key, or a block of another kind, is an error: nobody needs the
 * private one to judge the public one. `what` names the file. */
MUST_CHECK bool lint_read(struct lint_subjects *out, const struct bytes *text, const char *what,
                          struct err *err);

/* One thing that OpenSSL holds already; two of the three are NULL. */
MUST_CHECK bool lint_take(struct lint_subjects *out, const X509 *certificate, const X509_REQ *request,
                          const X509_CRL *list, struct err *err);

/* The certificate of who issued number `n`, among the others of its file: it bears the name, and its key has
 * made the signature where one has. NULL: none, or it is a root. Borrowed. */
const X509 *lint_issuer_beside(const struct lint_subjects *s, size_t n);

/* Debian's weak keys (CVE-2008-0166) as the package openssl-blacklist lists them: a line each, the last 20
 * hex digits of the SHA-1 of "Modulus=<HEX>\n"; lines with # and empty lines do not count. */
MUST_CHECK bool lint_weak_keys_check(const struct bytes *list, const char *what, struct err *err);

/* What came of one thing. The lists hold rule ids; own nothing but themselves. */
struct lint_ids {
    const char **id;
    size_t count;
};
struct lint_report {
    struct findings found; /* errors first; `place` is what was given to lint_judge */
    struct lint_ids passed, not_applicable, not_checked;
    unsigned wanting; /* enum lint_need: what was not given, and rules would have used */
};
void lint_report_free(struct lint_report *r);

/* Ask every rule of the profile that is asked of this kind of thing. */
void lint_judge(struct lint_report *out, const struct lint_subject *subject,
                const struct lint_context *context, const char *place);

/* The ids of all rules, in the order in which they are asked; NULL past the end. Static. */
const char *lint_rule_id(size_t n);

/* What a rule says whatever it finds: static texts. False: there is none of that id. */
struct lint_said {
    const char *clause; /* "": none */
    const char *remedy;
    const char *grades; /* a letter for each profile: E, W, N; - where it is not asked */
};
bool lint_rule_said(struct lint_said *out, const char *id);

#endif

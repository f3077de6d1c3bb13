/* crl.h - certificate revocation lists of an offline CA (RFC 5280 section 5). */
#ifndef VERGER_CRL_H
#define VERGER_CRL_H

#include "certificate.h"
#include "crlview.h"

struct crl_entry {
    char serial[2 * 20 + 1]; /* hex */
    time_t revoked;
    int reason; /* RFC 5280 5.3.1; -1: none */
};

/* A list to be made. What it revokes comes from three sides, each of which may be absent; where all are, the
 * list of entries is absent too (5.1.2.6). They stand in the order of their serial numbers. */
struct crl_draft {
    const X509 *issuer;
    const struct key *key;
    const struct signature *algorithm; /* NULL: the default of the key (signature.h) */
    long long number;                  /* 0..; CRLNumber (5.2.3) */
    time_t this_update, next_update;
    const char *scope; /* the URL of a critical issuing distribution point (5.2.5); NULL: none */
    const struct crl_entry *entries;
    size_t count;
    const struct crl_view *before; /* the list before: its entries are kept, byte for byte */
    struct der serials;            /* text, a line an entry (revoked.h); without a date it is this_update */
    const struct mapping *mapping; /* that the text is part of; NULL: it is in memory */
    const char *serials_name;      /* begins messages about the text */
};

/* The list that crl_issue will make, but signed with a key that is thrown away. `draft->key` may be NULL. */
MUST_CHECK bool crl_preview(X509_CRL **out, const struct crl_draft *draft, struct err *err);

/* SHA-256 of the to-be-signed part of what crl_issue will make, without use of the issuer's key: it is
 * announced first. `entries` (or NULL) gets how many there will be. */
MUST_CHECK bool crl_announce(char tbs_digest[DIGEST_HEX], size_t *entries, const struct crl_draft *draft,
                             struct err *err);

/* v2, AKI (keyid), CRLNumber and perhaps the scope, nothing else; the issuer must match the key and have
 * cRLSign; this_update not before the issuer's notBefore, next_update after this_update and within the
 * issuer's life; the number above that of the list before. A serial number stands there once, and no entry is
 * dated after this_update. Verified under the issuer before it is returned. DER. */
MUST_CHECK bool crl_issue(struct bytes *der, char tbs_digest[DIGEST_HEX], const struct crl_draft *draft,
                          struct err *err);

/* The same into a new file, in memory that does not grow with the list; a failure leaves no file. */
MUST_CHECK bool crl_write(const char *path, mode_t mode, const struct crl_draft *draft, struct err *err);

/* Exactly one CRL, PEM ("X509 CRL") or DER, nothing behind it. */
MUST_CHECK bool crl_parse(X509_CRL **out, const struct bytes *text, const char *what, struct err *err);
MUST_CHECK bool crl_der(struct bytes *der, const X509_CRL *crl, struct err *err);
MUST_CHECK bool crl_pem(struct bytes *pem, const X509_CRL *crl, struct err *err);

/* Issuer name, AKI, signature, v2, number present. */
MUST_CHECK bool crl_check(const X509_CRL *crl, const X509 *issuer, struct err *err);

/* {"issuer","number","this_update","next_update","entries" (count),"sha256"(DER),"tbs_sha256","aki"}. */
MUST_CHECK bool crl_to_json(json_t **out, const X509_CRL *crl, struct err *err);

/* The first `most` entries: [{"serial" (hex), "date" (RFC 3339), "reason" (5.3.1; -1: none)}]. Caller
 * decrefs. */
json_t *crl_revoked_json(const X509_CRL *crl, size_t most);

#endif
